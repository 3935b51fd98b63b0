// How fast a large export is read, in how much memory: the worker's code, in Node. MB=300 by default.
// npx esbuild tests/bench/importing.ts --bundle --platform=node --format=esm | MB=300 node --input-type=module -
import { createWriteStream, mkdtempSync, openAsBlob, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFile } from "../../src/importing/readFile";
import { HEAD, heartRate, night, phoneNight, TAIL } from "../importing/exports";

const MB = 1_000_000;
const DAY = 86_400_000;
const wanted = Number(process.env["MB"] ?? 300);
const folder = mkdtempSync(join(tmpdir(), "importing-"));
const path = join(folder, "export.xml");
const NOW = Date.UTC(2026, 10, 20, 9);

try {
  await write();
  const file = await openAsBlob(path);
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  const begun = performance.now();
  const found = await readFile(file, {
    zone: "Europe/Madrid",
    nowMs: NOW,
    keptFromMs: NOW - 90 * DAY,
    onProgress: () => (most = Math.max(most, process.memoryUsage().rss)),
  });
  const seconds = (performance.now() - begun) / 1000;
  clearInterval(watch);
  const size = statSync(path).size / MB;
  console.log(`${size.toFixed(0)} MB in ${seconds.toFixed(2)} s: ${(size / seconds).toFixed(0)} MB/s`);
  console.log(`memory: ${(before / MB).toFixed(0)} MB before, ${(most / MB).toFixed(0)} MB at most`);
  console.log(`${found.nights.length} nights, ${found.older} older, ${found.problems.count} problems`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Days of heart rates as a watch writes them, a night to each, back from now until the file is as large as wanted. */
async function write(): Promise<void> {
  const out = createWriteStream(path);
  const put = (text: string) =>
    out.write(text) ? Promise.resolve() : new Promise<void>((resolve) => void out.once("drain", resolve));
  await put(HEAD);
  let bytes = 0;
  for (let bed = NOW - DAY; bytes < wanted * MB; bed -= DAY) {
    const beats = Array.from({ length: 700 }, (_, n) => heartRate(bed + n * 120_000, 50 + ((n * 7) % 40))).join("");
    const text = beats + phoneNight(bed, bed + 8 * 3_600_000) + night(bed);
    bytes += Buffer.byteLength(text);
    await put(text);
  }
  out.end(TAIL);
  await new Promise<void>((resolve) => void out.once("close", resolve));
}
