// Nights out of a CSV file: either stages (start, end, stage; or time, stage) or movement (time, count, heart_rate).
import { columnsOf, numberOf, stageOf, type Column } from "./csvColumns";
import { countedNights, type CountedRow } from "./countedNights";
import { delimiterOf, rowsOf, type Row } from "./csvTable";
import { offsetsOf, parseTime, wallToInstant, type OffsetAt } from "./instants";
import type { ProblemList } from "./problemList";
import {
  EPOCH_MS,
  FileUnreadable,
  MOST_EPOCHS,
  type CountedNight,
  type ProblemCode,
  type SleepRecord,
  type StagedNight,
} from "./sleepRecords";
import { recordsToNights } from "./stagedNights";

interface Options {
  readonly nowMs: number;
  /** For times without an offset, and for where the nights were slept. */
  readonly zone: string;
  readonly problems: ProblemList;
}

interface CsvNights {
  readonly nights: readonly (StagedNight | CountedNight)[];
  readonly isZoneAssumed: boolean;
}

const DAY_MS = 86_400_000;
const LARGEST_COUNT = 100_000;
const [LOWEST_RATE, HIGHEST_RATE] = [25, 250];

export function csvToNights(text: string, options: Options): CsvNights {
  return new CsvReader(options).read(text);
}

class CsvReader {
  readonly #options: Options;
  readonly #offsetAt: OffsetAt;
  #columns: ReadonlyMap<Column, number> = new Map();
  #isZoneAssumed = false;
  #lastMs = -Infinity;

  constructor(options: Options) {
    this.#options = options;
    this.#offsetAt = offsetsOf(options.zone) ?? (() => 0);
  }

  read(text: string): CsvNights {
    const rows = rowsOf(text, delimiterOf(text));
    const header = rows.next();
    if (header.done) throw new FileUnreadable("empty");
    this.#columns = columnsOf(header.value.cells);
    const has = (...columns: Column[]) => columns.every((column) => this.#columns.has(column));
    if (this.#columns.size === 0) throw new FileUnreadable("no_header");
    if (has("stage") && has("count")) throw new FileUnreadable("both_kinds");
    if (!has("start", "end", "stage") && !has("time", "stage") && !has("time", "count"))
      throw new FileUnreadable("no_columns");
    const { zone } = this.#options;
    const nights = has("count")
      ? countedNights(
          this.#each(rows, (row) => this.#counted(row)),
          zone,
          this.#options.problems,
        )
      : recordsToNights([...this.#each(rows, (row) => this.#record(row))], zone);
    return { nights, isZoneAssumed: this.#isZoneAssumed };
  }

  *#each<Made>(rows: Iterable<Row>, make: (row: Row) => Made | null): Generator<Made> {
    const last = Math.max(...this.#columns.values());
    for (const row of rows) {
      if (row.isBroken) this.#wrong("quote_open", row);
      else if (row.cells.length <= last && row.cells.length < 2) this.#wrong("columns_missing", row);
      else {
        const made = make(row);
        if (made !== null) yield made;
      }
    }
  }

  #record(row: Row): SleepRecord | null {
    const isStretch = this.#columns.has("start") && this.#columns.has("end");
    const startMs = this.#instant(row, isStretch ? "start" : "time", this.#lastMs);
    if (startMs === null) return null;
    const endMs = isStretch ? this.#instant(row, "end", startMs) : startMs + EPOCH_MS;
    if (endMs === null) return null;
    const written = this.#cell(row, "stage");
    const told = stageOf(written);
    if (told === undefined) return this.#wrong("stage_unknown", row, written);
    if (endMs < startMs) return this.#wrong("end_before_start", row, row.cells.join(" "));
    if (endMs - startMs > MOST_EPOCHS * EPOCH_MS) return this.#wrong("too_long", row, row.cells.join(" "));
    this.#lastMs = startMs;
    if (told === null) return null;
    return { startMs, endMs, told, source: this.#cell(row, "source") || "CSV", isWrist: false, zone: null };
  }

  #counted(row: Row): CountedRow | null {
    const atMs = this.#instant(row, "time", this.#lastMs);
    if (atMs === null) return null;
    const written = { count: this.#cell(row, "count"), rate: this.#cell(row, "heart_rate") };
    const count = numberOf(written.count);
    if (count === undefined || (count !== null && (count < 0 || count > LARGEST_COUNT)))
      return this.#wrong("count_wrong", row, written.count);
    const rate = numberOf(written.rate);
    const isRateWrong = rate === undefined || (rate !== null && (rate < LOWEST_RATE || rate > HIGHEST_RATE));
    if (isRateWrong) this.#wrong("heart_rate_wrong", row, written.rate); // the count beside it is good all the same
    this.#lastMs = atMs;
    return { atMs, count, heartRate: isRateWrong ? null : rate, line: row.line };
  }

  #instant(row: Row, column: Column, notBeforeMs: number): number | null {
    const written = this.#cell(row, column);
    if (written === "") return this.#wrong("date_missing", row);
    const time = parseTime(written);
    if (time === null) return this.#wrong("date_wrong", row, written);
    if (time.offsetMs === null) this.#isZoneAssumed = true;
    const atMs =
      time.offsetMs === null ? wallToInstant(time.wallMs, this.#offsetAt, notBeforeMs) : time.wallMs - time.offsetMs;
    return atMs > this.#options.nowMs + DAY_MS ? this.#wrong("in_future", row, written) : atMs;
  }

  #cell(row: Row, column: Column): string {
    return row.cells[this.#columns.get(column) ?? -1] ?? "";
  }

  #wrong(code: ProblemCode, row: Row, written: string | null = null): null {
    this.#options.problems.add(code, row.line, written);
    return null;
  }
}
