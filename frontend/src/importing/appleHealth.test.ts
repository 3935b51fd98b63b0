// What a phone exports becomes nights, and what is wrong in it is told by line.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CYCLES, exportOf, heartRate, night, phoneNight, sleepRecord } from "../../tests/importing/exports";
import { zipOf } from "../../tests/importing/zips";
import { readFile } from "./readFile";
import type { Found, StagedNight } from "./sleepRecords";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 20, 9);
const BED = Date.UTC(2026, 10, 18, 22, 12);

async function read(content: string | Uint8Array<ArrayBuffer>, kept = 90): Promise<Found> {
  return await readFile(new Blob([content]), {
    zone: "America/Sao_Paulo",
    nowMs: NOW,
    keptFromMs: NOW - kept * 24 * HOUR,
    onProgress: () => undefined,
  });
}

async function nightsIn(content: string): Promise<readonly StagedNight[]> {
  return (await read(content)).nights as readonly StagedNight[];
}

describe("a night of a watch", () => {
  it("becomes epochs of 30 seconds with its source, zone and stage totals", async () => {
    const found = await read(exportOf(heartRate(BED, 61), night(BED), heartRate(BED + HOUR, 52)));
    expect(found).toMatchObject({ kind: "apple_health", older: 0, problems: { count: 0 }, isZoneAssumed: false });
    const [one] = found.nights as StagedNight[];
    expect(one).toMatchObject({
      startMs: BED,
      endMs: BED + 7.5 * HOUR,
      zone: "Europe/Madrid",
      source: "Ana’s Apple Watch",
      isWrist: true,
      others: [],
      obstacle: null,
      minutes: { wake: 10, light: 250, deep: 100, rem: 90, asleep: 0, untold: 0 },
    });
    expect(one?.stages).toHaveLength(900);
    expect(one?.stages.slice(58, 62)).toEqual(["light", "light", "deep", "deep"]);
  });

  it("is the same however the file is cut", async () => {
    const text = exportOf(night(BED, CYCLES.slice(0, 5)), sleepRecord("Dreaming", BED, BED + HOUR));
    const whole = await read(text);
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 2, 3, 7, 61, 997]) {
      const cut = {
        size: bytes.length,
        slice: (from: number, to: number) => new Blob([bytes.slice(from, to)]),
        stream: () =>
          new ReadableStream<Uint8Array>({
            start(controller) {
              // the first piece is long enough to tell the encoding by
              controller.enqueue(bytes.slice(0, 4));
              for (let at = 4; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
              controller.close();
            },
          }),
      } as unknown as Blob;
      const options = { zone: "America/Sao_Paulo", nowMs: NOW, keptFromMs: 0, onProgress: () => undefined };
      expect(await readFile(cut, options)).toEqual(whole);
    }
  });

  it("is read with attributes in any order, in UTF-16, and with a byte order mark", async () => {
    const record = sleepRecord("AsleepREM", BED, BED + HOUR, { zone: null });
    const turned = ` <Record ${[...record.matchAll(/[A-Za-z]+="[^"]*"/g)].reverse().join("\n ")} />`;
    const expected = await nightsIn(exportOf(record));
    expect(expected).toHaveLength(1);
    expect(await nightsIn(exportOf(turned))).toEqual(expected);
    expect(await nightsIn(`\ufeff${exportOf(record)}`)).toEqual(expected);
    const utf16 = new Uint8Array(Buffer.from(`\ufeff${exportOf(record)}`, "utf16le"));
    expect((await read(utf16)).nights).toEqual(expected);
  });

  it("follows the instants of the file over a change of the clocks", async () => {
    const before = Date.UTC(2026, 9, 24, 22);
    const [one] = await nightsIn(
      exportOf(
        sleepRecord("AsleepCore", before, before + 3 * HOUR, { offsetHours: 2 }),
        sleepRecord("AsleepREM", before + 3 * HOUR, before + 9 * HOUR, { offsetHours: 1 }),
      ),
    );
    expect(one).toMatchObject({ startMs: before, endMs: before + 9 * HOUR, minutes: { light: 180, rem: 360 } });
  });
});

describe("several sources", () => {
  it("are never mixed: the one with stages counts, and the others are named", async () => {
    const found = await nightsIn(exportOf(phoneNight(BED - HOUR, BED + 9 * HOUR), night(BED)));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      source: "Ana’s Apple Watch",
      others: ["Ana’s iPhone"],
      startMs: BED,
      minutes: { asleep: 0 },
    });
  });

  it("keep each night that only one of them has", async () => {
    const dayLater = BED + 24 * HOUR;
    const found = await nightsIn(exportOf(night(BED), phoneNight(dayLater, dayLater + 8 * HOUR)));
    expect(found.map(({ source, obstacle }) => [source, obstacle])).toEqual([
      ["Ana’s iPhone", "no_stages"],
      ["Ana’s Apple Watch", null],
    ]);
  });

  it("never give overlapping nights, nor an epoch that no record of the source tells", async () => {
    const stretch = fc.record({
      source: fc.constantFrom("watch", "phone", "ring"),
      stage: fc.constantFrom("AsleepCore", "AsleepDeep", "AsleepREM", "Awake", "AsleepUnspecified", "InBed"),
      from: fc.nat(3_000),
      length: fc.nat(300),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { maxLength: 30 }), async (stretches) => {
        const records = stretches.map(({ source, stage, from, length }) =>
          sleepRecord(stage, BED - from * 60_000, BED - (from - length) * 60_000, { source, zone: null }),
        );
        const found = [...(await nightsIn(exportOf(...records)))].reverse();
        for (const [index, one] of found.entries()) {
          const next = found[index + 1];
          if (next) expect(one.endMs).toBeLessThanOrEqual(next.startMs);
          const { wake, light, deep, rem, asleep, untold } = one.minutes;
          const told = wake + light + deep + rem + asleep + untold;
          expect(told * 60_000).toBe(one.endMs - one.startMs);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("what is no night", () => {
  it("sleep without stages is told of and never called light", async () => {
    const [one] = await nightsIn(exportOf(phoneNight(BED, BED + 8 * HOUR)));
    expect(one).toMatchObject({ obstacle: "no_stages", stages: [], minutes: { asleep: 480, light: 0 } });
  });

  it("a night with stages for less than half of it says so; a little without one stays empty there", async () => {
    const stretches = [["AsleepCore", 60] as const, ["AsleepUnspecified", 30] as const];
    const [whole] = await nightsIn(exportOf(night(BED, stretches)));
    expect(whole).toMatchObject({ obstacle: null, minutes: { light: 60, asleep: 30 } });
    expect(whole?.stages.at(-1)).toBeNull();
    const [few] = await nightsIn(exportOf(night(BED, [...stretches, ["AsleepUnspecified", 60]])));
    expect(few?.obstacle).toBe("few_stages");
  });

  it("is too short or too long by what the server takes", async () => {
    const minutes = async (count: number) => (await nightsIn(exportOf(night(BED - 30 * HOUR, [["AsleepREM", count]]))))[0];
    expect((await minutes(9))?.obstacle).toBe("too_short");
    expect((await minutes(10))?.obstacle).toBeNull();
    expect((await minutes(24 * 60))?.obstacle).toBeNull();
    const long = [["AsleepREM", 1_000] as const, ["AsleepCore", 500] as const];
    expect((await nightsIn(exportOf(night(BED - 30 * HOUR, long))))[0]?.obstacle).toBe("too_long");
  });

  it("older nights than are kept are counted alone", async () => {
    const found = await read(exportOf(night(BED - 200 * 24 * HOUR), night(BED - 100 * 24 * HOUR), night(BED)));
    expect([found.nights.length, found.older]).toEqual([1, 2]);
  });

  it("time in bed is neither sleep nor wake", async () => {
    expect(await nightsIn(exportOf(sleepRecord("InBed", BED, BED + 8 * HOUR)))).toEqual([]);
  });
});

describe("records that are wrong", () => {
  it("are told by line and left out; the others count", async () => {
    const bad = [
      sleepRecord("AsleepREM", BED + HOUR, BED, { zone: null }),
      sleepRecord("Dreaming", BED, BED + HOUR, { zone: null }),
      sleepRecord("AsleepREM", BED, BED + HOUR, { zone: null }).replace(/ endDate="[^"]*"/, ""),
      sleepRecord("AsleepREM", BED, BED + HOUR, { zone: null }).replace(/startDate="[^"]*"/, 'startDate="yesterday"'),
      sleepRecord("AsleepREM", BED, BED + 25 * HOUR, { zone: null }),
      sleepRecord("AsleepREM", NOW + 30 * HOUR, NOW + 31 * HOUR, { zone: null }),
      sleepRecord("AsleepREM", BED, BED + HOUR, { zone: null }).replace('value="', "value="),
    ];
    const text = exportOf(...bad, night(BED));
    const firstLine = text.slice(0, text.indexOf("<Record type")).split("\n").length;
    const { nights, problems } = await read(text);
    expect(problems.first.map(({ code, line }) => [code, line - firstLine])).toEqual([
      ["end_before_start", 0],
      ["stage_unknown", 1],
      ["date_missing", 2],
      ["date_wrong", 3],
      ["too_long", 4],
      ["in_future", 5],
      ["tag_broken", 6],
    ]);
    expect(problems.first.map(({ written }) => written).slice(1, 4)).toEqual(["Dreaming", null, "yesterday"]);
    expect(nights).toMatchObject([{ minutes: { light: 250 } }]);
  });

  it("are shown up to fifty, and counted beyond", async () => {
    const { problems } = await read(exportOf(...Array.from({ length: 70 }, () => sleepRecord("?", BED, BED + HOUR))));
    expect([problems.first.length, problems.count]).toEqual([50, 70]);
  });

  it("a file that ends early gives what it holds, and says so", async () => {
    const text = exportOf(night(BED), night(BED + 24 * HOUR));
    const { nights, problems } = await read(text.slice(0, -900));
    expect(nights).toHaveLength(2);
    expect(problems.first.at(-1)?.code).toBe("file_ends_early");
  });

  it("declared entities stay unexpanded, however they nest", async () => {
    const bomb = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join("\n");
    const text = exportOf(night(BED, CYCLES, { source: "&l9;" })).replace("<!ELEMENT Record", `${bomb}\n<!ELEMENT Record`);
    expect((await nightsIn(text))[0]?.source).toBe("&l9;");
  });

  it("bytes that are no UTF-8 cost no record", async () => {
    const bytes = Buffer.from(exportOf(night(BED, CYCLES, { source: "Watch X" })));
    bytes.fill(0xff, bytes.indexOf("Watch X") + 6, bytes.indexOf("Watch X") + 7);
    expect((await read(new Uint8Array(bytes))).nights.length).toBeGreaterThan(0);
  });
});

describe("files that cannot be read say why", () => {
  const fault = async (content: string | Uint8Array<ArrayBuffer>) =>
    await read(content).then(
      () => "none",
      (error: unknown) => (error as { fault?: string }).fault ?? String(error),
    );
  const xml = new TextEncoder().encode(exportOf(night(BED)));
  const name = "apple_health_export/exportar.xml";

  it("another XML, nothing, something else", async () => {
    expect(await fault("<html><body>Hello</body></html>")).toBe("not_health");
    expect(await fault("")).toBe("empty");
    expect(await fault(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]))).toBe("not_known");
  });

  it("archives: nothing in it, encrypted, another method, cut off, broken inside", async () => {
    expect(await fault(zipOf([]))).toBe("no_export_inside");
    expect(await fault(zipOf([{ name: "a/export_cda.xml", data: xml }]))).toBe("no_export_inside");
    expect(await fault(zipOf([{ name, data: xml, isEncrypted: true }]))).toBe("zip_encrypted");
    expect(await fault(zipOf([{ name, data: xml, method: 93 }]))).toBe("zip_method");
    const whole = zipOf([{ name, data: xml }]);
    expect(await fault(whole.slice(0, -40))).toBe("zip_damaged");
    const broken = whole.slice();
    broken.fill(0xff, 200, 400);
    expect(await fault(broken)).toBe("zip_damaged");
  });
});

describe("archives", () => {
  const xml = new TextEncoder().encode(exportOf(night(BED)));
  const found = { nights: [{ startMs: BED, minutes: { light: 250 } }], problems: { count: 0 } };

  it("are read with the export in any language, beside other files, behind a comment", async () => {
    const files = [
      { name: "apple_health_export/", data: new Uint8Array(), method: 0 as const },
      { name: "apple_health_export/export_cda.xml", data: new Uint8Array(1_000_000) },
      { name: "apple_health_export/exportar.xml", data: xml },
      { name: "apple_health_export/workout-routes/deep/route.xml", data: new Uint8Array(2_000_000) },
    ];
    expect(await read(zipOf(files, "a comment"))).toMatchObject(found);
  });

  it("are read stored as well as deflated, and with the sizes of zip64", async () => {
    expect(await read(zipOf([{ name: "export.xml", data: xml, method: 0 }]))).toMatchObject(found);
    expect(await read(zipOf([{ name: "export.xml", data: xml, isLarge: true }]))).toMatchObject(found);
    expect(await read(zipOf([{ name: "export.xml", data: xml, isLarge: true, method: 0 }], "so"))).toMatchObject(found);
  });

  it("never break otherwise than by saying so, whatever bytes are wrong", async () => {
    const whole = zipOf([{ name: "export.xml", data: xml, isLarge: true }]);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), async (at, value) => {
        const bytes = whole.slice();
        bytes[at] = value;
        await read(bytes).catch((error: unknown) => expect(error).toHaveProperty("fault"));
      }),
      { numRuns: 300 },
    );
  });
});
