// Reads one file out of a zip archive without reading the rest: the list at its end, then a slice. No library needed.
import { FileUnreadable } from "./sleepRecords";

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly headerAt: number;
}

/** A file in an archive, unpacked as it is read. */
export interface Unpacked {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** How much is read from the archive, of which `onRead` is told. */
  readonly packedBytes: number;
}

const [END, END_64, LOCATOR_64, LISTED, LOCAL] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50, 0x04034b50];
const [STORED, DEFLATED] = [0, 8];
const LONGEST_COMMENT = 65_535;
/** A phone's export lists a few thousand files, of less than 200 bytes each. */
const LARGEST_LIST = 64 * 1024 * 1024;
const WHOLE_32 = 0xffffffff;

/** Whether a file begins as zip archives do. */
export async function isZip(file: Blob): Promise<boolean> {
  if (file.size < 22) return false;
  const first = (await viewOf(file, 0, 4)).getUint32(0, true);
  return first === LOCAL || first === END;
}

/**
 * Apple's export inside the archive. Its name is in the phone's language ("exportar.xml"); beside it lies another XML,
 * "export_cda.xml", which is not it. So: the largest XML in the first two levels that is not that one.
 */
export async function openHealthExport(archive: Blob, onRead: (bytes: number) => void): Promise<Unpacked> {
  const found = (await entriesOf(archive))
    .filter(({ name }) => /\.xml$/i.test(name) && !/_cda\.xml$/i.test(name) && name.split("/").length <= 2)
    .sort((a, b) => b.bytes - a.bytes)[0];
  if (!found) throw new FileUnreadable("no_export_inside");
  return open(archive, found, onRead);
}

async function open(archive: Blob, entry: Entry, onRead: (bytes: number) => void): Promise<Unpacked> {
  if (entry.isEncrypted) throw new FileUnreadable("zip_encrypted", entry.name);
  if (entry.method !== STORED && entry.method !== DEFLATED) throw new FileUnreadable("zip_method", entry.name);
  const header = await viewOf(archive, entry.headerAt, 30);
  if (header.getUint32(0, true) !== LOCAL) throw new FileUnreadable("zip_damaged");
  const from = entry.headerAt + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (from + entry.packedBytes > archive.size) throw new FileUnreadable("zip_damaged");
  const packed = counted(archive.slice(from, from + entry.packedBytes).stream(), onRead);
  if (entry.method === STORED) return { stream: packed, packedBytes: entry.packedBytes };
  if (typeof DecompressionStream === "undefined") throw new FileUnreadable("cannot_unzip");
  let inflate: DecompressionStream;
  try {
    inflate = new DecompressionStream("deflate-raw");
  } catch {
    throw new FileUnreadable("cannot_unzip"); // a browser from before 2023
  }
  return { stream: packed.pipeThrough(inflate), packedBytes: entry.packedBytes };
}

/** The same bytes, of which it is told as they pass. */
export function counted(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onRead: (bytes: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return stream.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        onRead(chunk.byteLength);
        controller.enqueue(chunk);
      },
    }),
  );
}

async function entriesOf(archive: Blob): Promise<readonly Entry[]> {
  const { count, size, at } = await listOf(archive);
  if (size > LARGEST_LIST || at + size > archive.size) throw new FileUnreadable("zip_damaged");
  const view = await viewOf(archive, at, size);
  const entries: Entry[] = [];
  for (let offset = 0; entries.length < count && offset + 46 <= size;) {
    if (view.getUint32(offset, true) !== LISTED) break;
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((field) => view.getUint16(offset + field, true)) as [
      number,
      number,
      number,
    ];
    const end = offset + 46 + nameSize + extraSize + commentSize;
    if (end > size) break;
    entries.push(entryOf(view, offset, nameSize, extraSize));
    offset = end;
  }
  if (entries.length < Math.min(count, 1)) throw new FileUnreadable("zip_damaged");
  return entries;
}

function entryOf(view: DataView<ArrayBuffer>, at: number, nameSize: number, extraSize: number): Entry {
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameSize));
  const sizes = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  const extra = at + 46 + nameSize;
  // Zip64: the extra field 1 holds, in this order, those of the three that did not fit into 32 bits.
  for (let field = extra; field + 4 <= extra + extraSize; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    let value = field + 4;
    for (const [index, size] of sizes.entries()) {
      if (size !== WHOLE_32 || value + 8 > extra + extraSize) continue;
      sizes[index] = wholeNumber(view, value);
      value += 8;
    }
  }
  const [bytes = 0, packedBytes = 0, headerAt = 0] = sizes;
  const isEncrypted = (view.getUint16(at + 8, true) & 1) !== 0;
  return { name, method: view.getUint16(at + 10, true), isEncrypted, packedBytes, bytes, headerAt };
}

/** Where the list of files is: the end of the archive tells, behind which a comment may stand. */
async function listOf(archive: Blob): Promise<{ count: number; size: number; at: number }> {
  const tailAt = Math.max(0, archive.size - LONGEST_COMMENT - 22);
  const tail = await viewOf(archive, tailAt, archive.size - tailAt);
  for (let at = tail.byteLength - 22; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END || at + 22 + tail.getUint16(at + 20, true) !== tail.byteLength) continue;
    const found = {
      count: tail.getUint16(at + 10, true),
      size: tail.getUint32(at + 12, true),
      at: tail.getUint32(at + 16, true),
    };
    const isLarge = found.count === 0xffff || found.size === WHOLE_32 || found.at === WHOLE_32;
    if (!isLarge || at < 20 || tail.getUint32(at - 20, true) !== LOCATOR_64) return found;
    const large = await viewOf(archive, wholeNumber(tail, at - 20 + 8), 56);
    if (large.getUint32(0, true) !== END_64) throw new FileUnreadable("zip_damaged");
    return { count: wholeNumber(large, 32), size: wholeNumber(large, 40), at: wholeNumber(large, 48) };
  }
  throw new FileUnreadable("zip_damaged"); // as when a download broke off
}

function wholeNumber(view: DataView, at: number): number {
  const number = view.getBigUint64(at, true);
  if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw new FileUnreadable("zip_damaged");
  return Number(number);
}

async function viewOf(file: Blob, at: number, size: number): Promise<DataView<ArrayBuffer>> {
  const buffer = await file.slice(at, at + size).arrayBuffer();
  if (buffer.byteLength < size) throw new FileUnreadable("zip_damaged");
  return new DataView(buffer);
}
