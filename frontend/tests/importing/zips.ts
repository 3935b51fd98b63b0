// Zip archives made by hand, for tests: each field as the format's description has it.
import { deflateRawSync } from "node:zlib";

export interface Packed {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: 0 | 8 | 93;
  readonly isEncrypted?: boolean;
  /** Sizes and place as zip64 writes them, as exports of more than 4 GB do. */
  readonly isLarge?: boolean;
}

const WHOLE = 0xffffffff;

export function zipOf(files: readonly Packed[], comment = ""): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  const isLarge = files.some((file) => file.isLarge);
  const add = (part: Buffer) => {
    parts.push(part);
    at += part.length;
  };
  for (const { name, data, method = 8, isEncrypted = false, isLarge: isWide = false } of files) {
    const packed = method === 8 ? deflateRawSync(data) : Buffer.from(data);
    const flags = isEncrypted ? 1 : 0;
    const headerAt = at;
    const shownSizes: [number, number] = isWide ? [WHOLE, WHOLE] : [packed.length, data.length];
    const sizes = [u64(data.length), u64(packed.length)];
    const localExtra = isWide ? Buffer.concat([u16(1), u16(16), ...sizes]) : Buffer.alloc(0);
    const common = [u16(flags), u16(method), u32(0), u32(0), u32(shownSizes[0]), u32(shownSizes[1]), u16(name.length)];
    add(Buffer.concat([u32(0x04034b50), u16(45), ...common, u16(localExtra.length), Buffer.from(name), localExtra]));
    add(packed);
    const odd = Buffer.concat([u16(0x5455), u16(5), Buffer.alloc(5)]); // another extra field comes first
    const extra = isWide ? Buffer.concat([odd, u16(1), u16(24), ...sizes, u64(headerAt)]) : odd;
    list.push(
      Buffer.concat([
        ...[u32(0x02014b50), u16(45), u16(45), ...common, u16(extra.length), u16(0), u16(0), u16(0), u32(0)],
        ...[u32(isWide ? WHOLE : headerAt), Buffer.from(name), extra],
      ]),
    );
  }
  const listAt = at;
  const listed = Buffer.concat(list);
  add(listed);
  if (isLarge) {
    const endAt = at;
    const counts = [u64(files.length), u64(files.length), u64(listed.length), u64(listAt)];
    add(Buffer.concat([u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), ...counts]));
    add(Buffer.concat([u32(0x07064b50), u32(0), u64(endAt), u32(1)]));
  }
  const shown = isLarge
    ? [u16(0xffff), u16(0xffff), u32(WHOLE), u32(WHOLE)]
    : [u16(files.length), u16(files.length), u32(listed.length), u32(listAt)];
  add(Buffer.concat([u32(0x06054b50), u16(0), u16(0), ...shown, u16(comment.length), Buffer.from(comment)]));
  return new Uint8Array(Buffer.concat(parts));
}

function u16(value: number): Buffer {
  const out = Buffer.alloc(2);
  out.writeUInt16LE(value);
  return out;
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}
