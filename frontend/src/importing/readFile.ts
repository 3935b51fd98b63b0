// Reads a file that somebody chose, into nights. Runs in the worker; in tests and benches without one.
import { AppleHealthReader } from "./appleHealth";
import { csvToNights } from "./csvNights";
import { offsetsOf } from "./instants";
import { ProblemList } from "./problemList";
import { FileUnreadable, type Found, type Night, type SleepRecord } from "./sleepRecords";
import { recordsToNights } from "./stagedNights";
import { bytesToText, decoderFor } from "./textOf";
import { counted, isZip, openHealthExport, type Unpacked } from "./zip";

export interface ReadOptions {
  /** For times without an offset and nights without a zone: the person's. */
  readonly zone: string;
  readonly nowMs: number;
  /** Nights that begin before are only counted: the server would not keep them. */
  readonly keptFromMs: number;
  /** How much is read, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** Movement of three months in CSV has 5 MB. */
export const LARGEST_CSV = 64 * 1024 * 1024;

/** Throws FileUnreadable when there is nothing to make of the file. */
export async function readFile(file: Blob, options: ReadOptions): Promise<Found> {
  if (file.size === 0) throw new FileUnreadable("empty");
  const problems = new ProblemList();
  const kind = await kindOf(file);
  if (kind === "csv") {
    if (file.size > LARGEST_CSV) throw new FileUnreadable("too_big");
    const text = bytesToText(new Uint8Array(await file.arrayBuffer()));
    options.onProgress(0.5);
    const { nights, isZoneAssumed } = csvToNights(text, { ...options, problems });
    return found("csv", nights, problems, isZoneAssumed, options);
  }
  const records = await readHealth(file, kind, options, problems);
  return found("apple_health", recordsToNights(records, options.zone), problems, false, options);
}

function found(
  kind: Found["kind"],
  nights: readonly Night[],
  problems: ProblemList,
  isZoneAssumed: boolean,
  { keptFromMs, zone, onProgress }: ReadOptions,
): Found {
  const kept = nights
    .filter(({ startMs }) => startMs > keptFromMs)
    .map((night) => (night.zone !== zone && offsetsOf(night.zone) === null ? { ...night, zone } : night));
  onProgress(1);
  return { kind, nights: kept, older: nights.length - kept.length, problems: problems.get(), isZoneAssumed };
}

/** By what it begins with; what a file is called says little. */
async function kindOf(file: Blob): Promise<"zip" | "xml" | "csv"> {
  if (await isZip(file)) return "zip";
  const bytes = new Uint8Array(await file.slice(0, 4_096).arrayBuffer());
  const text = decoderFor(bytes).decode(bytes);
  if (/^\s*</.test(text)) return "xml";
  const isText = !/[\u0000-\u0008\u000e-\u001f]/.test(text); // eslint-disable-line no-control-regex -- that is what is looked for
  if (!isText) throw new FileUnreadable("not_known");
  return "csv";
}

async function readHealth(
  file: Blob,
  kind: "zip" | "xml",
  { nowMs, onProgress }: ReadOptions,
  problems: ProblemList,
): Promise<readonly SleepRecord[]> {
  const records: SleepRecord[] = [];
  const reader = new AppleHealthReader({ nowMs, problems, onRecord: (record) => records.push(record) });
  let read = 0;
  let whole = file.size;
  const onRead = (bytes: number) => {
    read += bytes;
    onProgress(Math.min(read / whole, 0.99));
  };
  const unpacked: Unpacked =
    kind === "zip"
      ? await openHealthExport(file, onRead)
      : { stream: counted(file.stream(), onRead), packedBytes: file.size };
  whole = Math.max(unpacked.packedBytes, 1);
  await pour(unpacked.stream, reader, kind);
  return records;
}

async function pour(stream: ReadableStream<Uint8Array>, reader: AppleHealthReader, kind: "zip" | "xml"): Promise<void> {
  let decoder: TextDecoder | null = null;
  const source = stream.getReader();
  for (;;) {
    let chunk: ReadableStreamReadResult<Uint8Array>;
    try {
      chunk = await source.read();
    } catch {
      throw new FileUnreadable(kind === "zip" ? "zip_damaged" : "unreadable"); // a broken archive, or a file that is gone
    }
    if (chunk.done) break;
    if (chunk.value.byteLength === 0) continue;
    decoder ??= decoderFor(chunk.value);
    reader.push(decoder.decode(chunk.value, { stream: true }));
  }
  reader.push(decoder?.decode() ?? "");
  reader.end();
}
