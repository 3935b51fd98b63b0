// CSV files of people and programs: whatever stands between the values, a bad row costs only itself.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delimiterOf, rowsOf } from "./csvTable";
import { offsetsOf, parseInstant, wallText, wallToInstant } from "./instants";
import { readFile } from "./readFile";
import type { CountedNight, Found, StagedNight } from "./sleepRecords";

const NOW = Date.UTC(2026, 10, 20, 9);
const HOUR = 3_600_000;

async function read(content: string | Uint8Array<ArrayBuffer>, zone = "Europe/Madrid"): Promise<Found> {
  return await readFile(new Blob([content]), { zone, nowMs: NOW, keptFromMs: 0, onProgress: () => undefined });
}

async function fault(content: string): Promise<string> {
  return await read(content).then(
    () => "none",
    (error: unknown) => (error as { fault?: string }).fault ?? String(error),
  );
}

const STAGES = `start,end,stage
2026-11-18T23:12:00+01:00,2026-11-19T00:12:00+01:00,light
2026-11-19T00:12:00+01:00,2026-11-19T01:12:00+01:00,deep
`;
const night = {
  kind: "stages",
  startMs: Date.UTC(2026, 10, 18, 22, 12),
  minutes: { light: 60, deep: 60, rem: 0, wake: 0 },
  obstacle: null,
};

describe("stages", () => {
  it("are read from start, end and stage", async () => {
    expect(await read(STAGES)).toMatchObject({ kind: "csv", nights: [night], isZoneAssumed: false, problems: { count: 0 } });
  });

  it("are read with other delimiters, headers, orders, quotes, line ends, comments and marks", async () => {
    const spreadsheet = STAGES.replaceAll(",", ";").replace("start;end;stage", '"Inicio";"Fin";"Fase"');
    const turned = STAGES.split("\n").map((line) =>
      line
        .split(",")
        .reverse()
        .map((cell) => `"${cell}"`)
        .join("\t"),
    );
    for (const text of [spreadsheet, turned.join("\r\n"), `\ufeff# mine\n\n${STAGES}`, STAGES.replaceAll("T", " ")]) {
      expect(await read(text)).toMatchObject({ nights: [night] });
    }
    const latin = Buffer.from("Início;Fim;Estágio\n2026-11-18 23:12;2026-11-19 00:12;Sueño ligero\n", "latin1");
    expect(await read(new Uint8Array(latin))).toMatchObject({ problems: { first: [{ code: "stage_unknown", line: 2 }] } });
  });

  it("may come one row for each 30 seconds", async () => {
    const rows = Array.from({ length: 40 }, (_, n) => `${new Date(night.startMs + n * 30_000).toISOString()},rem`);
    expect(await read(`time,stage\n${rows.join("\n")}`)).toMatchObject({ nights: [{ minutes: { rem: 20 } }] });
  });

  it("times without an offset are read in the zone that is asked for, and it is told", async () => {
    const text = "start,end,stage\n2026-11-18 23:12,2026-11-19 01:12,N2\n";
    expect(await read(text)).toMatchObject({
      isZoneAssumed: true,
      nights: [{ startMs: night.startMs, zone: "Europe/Madrid" }],
    });
    expect(await read(text, "America/Sao_Paulo")).toMatchObject({ nights: [{ startMs: night.startMs + 4 * HOUR }] });
  });

  it("wrong rows are told by line and left out", async () => {
    const text = `${STAGES}2026-11-19 25:00,2026-11-19 02:00,rem
,2026-11-19T02:12:00+01:00,rem
2026-11-19T01:12:00+01:00,2026-11-19T02:12:00+01:00,dreaming
2026-11-19T02:12:00+01:00,2026-11-19T01:12:00+01:00,rem
just words
"2026-11-19T02:12:00+01:00,open
`;
    const { problems, nights } = await read(text);
    expect(problems.first.map(({ code, line }) => [line, code])).toEqual([
      [4, "date_wrong"],
      [5, "date_missing"],
      [6, "stage_unknown"],
      [7, "end_before_start"],
      [8, "columns_missing"],
      [9, "quote_open"],
    ]);
    expect(nights).toMatchObject([night]);
  });
});

describe("movement", () => {
  const rows = (count: number, everyMs = 30_000, of = (n: number) => `${n % 5},5,${60 - (n % 7)}`) =>
    Array.from(
      { length: count },
      (_, n) => `${new Date(night.startMs + n * everyMs).toISOString()};${of(n).replace(",", "§")}`,
    )
      .map((row) => row.replace(",", ";").replace("§", ","))
      .join("\n");

  it("is read with heart rates and decimal commas", async () => {
    const { nights, problems } = await read(`time;count;heart rate (bpm)\n${rows(40)}`);
    expect(problems.count).toBe(0);
    const [one] = nights as CountedNight[];
    expect(one).toMatchObject({ kind: "counts", startMs: night.startMs, obstacle: null });
    expect(one?.counts.slice(0, 3)).toEqual([0.5, 1.5, 2.5]);
    expect(one?.heartRate?.slice(0, 3)).toEqual([60, 59, 58]);
  });

  it("missing rows stay empty, and long pauses begin a night", async () => {
    const at = (minutes: number) => new Date(night.startMs + minutes * 60_000).toISOString();
    const first = Array.from({ length: 30 }, (_, n) => `${at(n / 2)},1`);
    const second = Array.from({ length: 30 }, (_, n) => `${at(300 + n / 2)},2`);
    const { nights } = await read(["time,counts", ...first, `${at(16)},7`, ...second].join("\n"));
    expect(nights.map((one) => (one as CountedNight).counts.length)).toEqual([30, 33]);
    expect((nights[1] as CountedNight).counts.slice(29)).toEqual([1, null, null, 7]);
    expect((nights[1] as CountedNight).heartRate).toBeNull();
  });

  it("is refused when a row is not 30 seconds: that would be another measure", async () => {
    expect(await fault(`time;count\n${rows(40, 60_000, () => "1")}`)).toBe("epoch_length");
  });

  it("wrong values are told by line; a wrong heart rate leaves its count", async () => {
    const text = `time,count,hr
${new Date(night.startMs).toISOString()},-1,60
${new Date(night.startMs + 30_000).toISOString()},3,700
${new Date(night.startMs + 60_000).toISOString()},many,60
${new Date(night.startMs + 90_000).toISOString()},NaN,60
${new Date(night.startMs + 90_000).toISOString()},4,60
`;
    const { problems } = await read(text);
    expect(problems.first.map(({ code, line }) => [line, code])).toEqual([
      [2, "count_wrong"],
      [3, "heart_rate_wrong"],
      [4, "count_wrong"],
      [6, "epoch_twice"],
    ]);
  });
});

describe("whole files that cannot be read say why", () => {
  it("no known column, too few of them, both kinds, nothing", async () => {
    expect(await fault("a,b\n1,2")).toBe("no_header");
    expect(await fault("start,end\n1,2")).toBe("no_columns");
    expect(await fault("time,stage,count\n1,2,3")).toBe("both_kinds");
    expect(await fault("\n\n")).toBe("empty");
  });
});

describe("a table", () => {
  it("gives back what was written, whatever is in the cells", () => {
    const cell = fc.string({ maxLength: 12 }).map((text) => text.trim());
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 8 }), (table) => {
        const kept = table.filter((row) => row.some((one) => one !== "") && !row[0]?.startsWith("#"));
        const text = kept.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")).join("\r\n");
        expect([...rowsOf(text, ",")].map(({ cells }) => cells)).toEqual(kept);
      }),
    );
  });

  it("is cut by what its first row is cut by", () => {
    expect([delimiterOf("a;b;c,d"), delimiterOf("\n\na\tb"), delimiterOf("a|b"), delimiterOf("a")]).toEqual([
      ";",
      "\t",
      "|",
      ",",
    ]);
  });
});

describe("times", () => {
  it("are read with any offset and refused when there is no such day", () => {
    const instant = Date.UTC(2024, 2, 1, 22, 12);
    for (const text of ["2024-03-01 23:12:00 +0100", "2024-03-01T22:12Z", "2024-3-1T17:12:00.5-05:00"]) {
      expect(parseInstant(text)).toBe(instant);
    }
    for (const text of ["2024-02-30 10:00Z", "2024-03-01 24:00Z", "2024-03-01", "1/3/2024 10:00", "2024-03-01 10:00"]) {
      expect(parseInstant(text)).toBeNull();
    }
  });

  it("that come twice in autumn follow the row before; those skipped in spring take the offset of before", () => {
    const madrid = offsetsOf("Europe/Madrid")!;
    const twice = Date.UTC(2026, 9, 25, 2, 30);
    expect(wallToInstant(twice, madrid)).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(wallToInstant(twice, madrid, Date.UTC(2026, 9, 25, 0, 59))).toBe(Date.UTC(2026, 9, 25, 1, 30));
    const skipped = wallToInstant(Date.UTC(2026, 2, 29, 2, 30), madrid);
    expect(wallText(skipped, madrid)).toBe("2026-03-29T03:30:00");
    expect(offsetsOf("Nowhere/Here")).toBeNull();
  });
});

it("a file of stages and one of the same stages as epochs are the same night", async () => {
  const [one] = (await read(STAGES)).nights as StagedNight[];
  const rows = one!.stages.map((stage, n) => `${new Date(one!.startMs + n * 30_000).toISOString()},${String(stage)}`);
  expect((await read(`time,stage\n${rows.join("\n")}`)).nights).toEqual([one]);
});
