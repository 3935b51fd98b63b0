// The measured difference of the clocks, and what is kept of it.
import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { Disk } from "./database";
import { Measured } from "./offset";

test("a time that arrives after signing out leaves nothing on the disk", async () => {
  const disk = new Disk("offset-signed-out");
  const measured = new Measured(disk, () => 1_000);

  expect(await measured.take(6_000, 900, 1_000)).toBe(true);

  expect(await disk.read("offset")).toBeUndefined();
});

test("a time that arrives while somebody is signed in is kept for the next start", async () => {
  const disk = new Disk("offset-signed-in");
  await disk.put("session", { userId: "ann", email: "ann@example.org", isEnded: false, tokenUntil: 0 });

  await new Measured(disk, () => 1_000).take(6_000, 900, 1_000);

  expect(await disk.read("offset")).toMatchObject({ ms: 5_050 });
});
