// SHA-1 (FIPS 180-4), for name-based UUIDs alone: the browser's own is missing on addresses without HTTPS.

export function sha1(message: Uint8Array): Uint8Array {
  const blocks = new DataView(new ArrayBuffer(Math.ceil((message.length + 9) / 64) * 64));
  new Uint8Array(blocks.buffer).set(message);
  blocks.setUint8(message.length, 0x80);
  blocks.setBigUint64(blocks.byteLength - 8, BigInt(message.length) * 8n);
  const hash = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Uint32Array(80);
  for (let block = 0; block < blocks.byteLength; block += 64) {
    for (let t = 0; t < 16; t++) words[t] = blocks.getUint32(block + t * 4);
    for (let t = 16; t < 80; t++) words[t] = rotated(words[t - 3]! ^ words[t - 8]! ^ words[t - 14]! ^ words[t - 16]!, 1);
    let [a, b, c, d, e] = hash as unknown as [number, number, number, number, number];
    for (let t = 0; t < 80; t++) {
      const [mixed, constant] = ROUNDS[Math.floor(t / 20)]!;
      const next = (rotated(a, 5) + mixed(b, c, d) + e + constant + words[t]!) | 0;
      [e, d, c, b, a] = [d, c, rotated(b, 30), a, next];
    }
    for (const [index, value] of [a, b, c, d, e].entries()) hash[index] = hash[index]! + value;
  }
  const out = new DataView(new ArrayBuffer(20));
  for (const [index, value] of hash.entries()) out.setUint32(index * 4, value);
  return new Uint8Array(out.buffer);
}

const parity = (b: number, c: number, d: number) => b ^ c ^ d;
const ROUNDS: readonly (readonly [mixed: (b: number, c: number, d: number) => number, constant: number])[] = [
  [(b, c, d) => (b & c) | (~b & d), 0x5a827999],
  [parity, 0x6ed9eba1],
  [(b, c, d) => (b & c) | (b & d) | (c & d), 0x8f1bbcdc],
  [parity, 0xca62c1d6],
];

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
