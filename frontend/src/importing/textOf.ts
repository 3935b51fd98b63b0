// Bytes to text: UTF-8 as a rule, UTF-16 by its mark or its zeros, and what old spreadsheets write.

/** The decoder for a file that begins like this; every mark at the beginning is left out of the text. */
export function decoderFor(first: Uint8Array): TextDecoder {
  return new TextDecoder(encodingOf(first));
}

function encodingOf(first: Uint8Array): string {
  const [a, b] = first;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a !== 0 && b === 0) return "utf-16le";
  if (a === 0 && b !== 0 && b !== undefined) return "utf-16be";
  const declared = /^<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9._-]{1,30})["']/.exec(
    String.fromCharCode(...first.subarray(0, 150)),
  )?.[1];
  try {
    return declared === undefined ? "utf-8" : new TextDecoder(declared).encoding;
  } catch {
    return "utf-8"; // an encoding nobody knows: its ASCII, which is all that counts here, is mostly the same
  }
}

/** A whole small file. Not UTF-8: as Windows wrote it in western Europe and the Americas. */
export function bytesToText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  if (encoding !== "utf-8") return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
