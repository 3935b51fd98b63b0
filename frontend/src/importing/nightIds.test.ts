// Ids follow RFC 9562, so the same night has the same one on every device.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { nightId, uuid5 } from "./nightIds";
import { sha1 } from "./sha1";

it("hashes as FIPS 180-4 says", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(Buffer.from(sha1(bytes)).toString("hex")).toBe(createHash("sha1").update(bytes).digest("hex"));
    }),
  );
});

it("makes the UUID of RFC 9562's example", () => {
  expect(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
});

it("tells people, kinds, beginnings and turns apart, and nothing else", () => {
  const night = { userId: "ana", kind: "apple_health", startMs: 1_700_000_000_000 };
  const ids = [
    nightId(night, 0),
    nightId({ ...night, userId: "ben" }, 0),
    nightId({ ...night, kind: "csv" }, 0),
    nightId({ ...night, startMs: night.startMs + 1000 }, 0),
    nightId(night, 1),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(nightId({ ...night }, 0)).toBe(ids[0]);
});
