// Reads the sleep out of Apple Health's export.xml, piece by piece. All other records are passed over unread.
import { parseInstant } from "./instants";
import type { ProblemList } from "./problemList";
import { FileUnreadable, MOST_EPOCHS, EPOCH_MS, type SleepRecord, type Told } from "./sleepRecords";
import { attributesOf, TagScanner, type Tag } from "./tagScanner";

const SLEEP = "HKCategoryTypeIdentifierSleepAnalysis";

/** Apple's values since iOS 16, and "Asleep" from before. Its "core" is light sleep (N1 and N2). */
const TOLD: Readonly<Record<string, Told>> = {
  HKCategoryValueSleepAnalysisInBed: "in_bed",
  HKCategoryValueSleepAnalysisAsleep: "asleep",
  HKCategoryValueSleepAnalysisAsleepUnspecified: "asleep",
  HKCategoryValueSleepAnalysisAsleepCore: "light",
  HKCategoryValueSleepAnalysisAsleepDeep: "deep",
  HKCategoryValueSleepAnalysisAsleepREM: "rem",
  HKCategoryValueSleepAnalysisAwake: "wake",
};

/** More than a lifetime of nights holds; what goes beyond is no export of one person. */
export const MOST_RECORDS = 500_000;
const DAY_MS = 86_400_000;

interface Options {
  readonly nowMs: number;
  readonly problems: ProblemList;
  readonly onRecord: (record: SleepRecord) => void;
}

export class AppleHealthReader {
  readonly #options: Options;
  readonly #scanner: TagScanner;
  /** The same few names over and over: kept once, and free of the text that they were cut from. */
  readonly #names = new Map<string, string>();
  #open: SleepRecord | null = null;
  #records = 0;
  #isHealth = false;
  #isEnded = false;

  constructor(options: Options) {
    this.#options = options;
    this.#scanner = new TagScanner({
      isWanted: (text, at) => this.#isWanted(text, at),
      onTag: (tag) => this.#take(tag),
    });
  }

  push(text: string): void {
    this.#scanner.push(text);
  }

  /** Throws FileUnreadable("not_health") when it was no export at all. */
  end(): void {
    this.#scanner.end();
    this.#close();
    if (!this.#isHealth) throw new FileUnreadable("not_health");
    if (!this.#isEnded) this.#options.problems.add("file_ends_early", this.#scanner.line);
  }

  #isWanted(text: string, at: number): boolean {
    if (text.startsWith("Record", at + 1)) {
      const attributes = at + "<Record ".length;
      if (text.startsWith('type="', attributes)) return text.startsWith(SLEEP, attributes + 6); // as Apple writes it
      const next = text.indexOf("<", at + 1);
      return text.slice(at, next < 0 ? at + 2_000 : next).includes(SLEEP);
    }
    if (this.#open && (text.startsWith("MetadataEntry", at + 1) || text.startsWith("/Record", at + 1))) return true;
    return text.startsWith("HealthData", at + 1) || text.startsWith("/HealthData", at + 1);
  }

  #take(tag: Tag): void {
    if (tag.text.startsWith("<Record")) {
      this.#close();
      this.#takeRecord(tag);
    } else if (tag.text.startsWith("</Record")) this.#close();
    else if (tag.text.startsWith("<Meta")) this.#takeMetadata(tag);
    else if (tag.text.startsWith("</")) this.#isEnded = true;
    else this.#isHealth = true;
  }

  #takeRecord(tag: Tag): void {
    const attributes = tag.isBroken ? null : attributesOf(tag.text);
    if (attributes === null) {
      this.#options.problems.add("tag_broken", tag.line, tag.text);
      return;
    }
    if (attributes.get("type") !== SLEEP) return;
    const record = this.#toRecord(attributes, tag.line);
    if (record === null) return;
    this.#open = record;
    if (tag.text.endsWith("/>")) this.#close();
  }

  #toRecord(attributes: ReadonlyMap<string, string>, line: number): SleepRecord | null {
    const { problems, nowMs } = this.#options;
    const value = attributes.get("value") ?? "";
    const told = Object.hasOwn(TOLD, value) ? TOLD[value]! : null;
    const [start, end] = [attributes.get("startDate"), attributes.get("endDate")];
    const startMs = start === undefined ? null : parseInstant(start);
    const endMs = end === undefined ? null : parseInstant(end);
    const wrong = (...[code, written]: [Parameters<ProblemList["add"]>[0], string?]) => {
      problems.add(code, line, written);
      return null;
    };
    if (start === undefined || end === undefined) return wrong("date_missing");
    if (startMs === null) return wrong("date_wrong", start);
    if (endMs === null) return wrong("date_wrong", end);
    if (told === null) return wrong("stage_unknown", value.replace("HKCategoryValueSleepAnalysis", ""));
    if (endMs < startMs) return wrong("end_before_start", `${start} – ${end}`);
    if (endMs - startMs > MOST_EPOCHS * EPOCH_MS) return wrong("too_long", `${start} – ${end}`);
    if (endMs > nowMs + DAY_MS) return wrong("in_future", end);
    const isWrist = /model:Watch|Apple Watch|Watch\d+,\d+/.test(
      `${attributes.get("device") ?? ""} ${attributes.get("sourceName") ?? ""}`,
    );
    const named = attributes.get("sourceName")?.trim() ?? "";
    const source = this.#named(named === "" ? "Apple Health" : named);
    return { startMs, endMs, told, source, isWrist, zone: null };
  }

  /** Apple's own watch says where the night was slept; the times themselves are written by the phone's clock at export. */
  #takeMetadata(tag: Tag): void {
    const attributes = tag.isBroken ? null : attributesOf(tag.text);
    const zone = attributes?.get("value");
    if (this.#open && attributes?.get("key") === "HKTimeZone" && zone !== undefined) {
      this.#open = { ...this.#open, zone: this.#named(zone) };
    }
  }

  #close(): void {
    if (this.#open === null) return;
    this.#records += 1;
    if (this.#records > MOST_RECORDS) throw new FileUnreadable("too_many_records");
    this.#options.onRecord(this.#open);
    this.#open = null;
  }

  #named(text: string): string {
    let name = this.#names.get(text);
    if (name === undefined) {
      name = Array.from(text.slice(0, 100)).join(""); // a copy: a slice would keep its whole piece of the file
      if (this.#names.size < 10_000) this.#names.set(name, name);
    }
    return name;
  }
}
