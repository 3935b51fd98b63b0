// Weighs the built app as the host sends it (gzip) against its budgets, and ends with 1 where one is broken.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const KIB = 1024;
const dist = process.argv[2] ?? new URL("../dist/", import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));

const weigh = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

/** The files that loading some modules brings: theirs, and what they import at once. */
function filesOf(keys) {
  const files = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  keys.forEach(visit);
  return files;
}

const words = (part) => Object.keys(manifest).filter((key) => manifest[key].name === `words-${part}-pt-BR`);
const entry = ["index.html", ...words("daily")];
const today = filesOf([...entry, "src/today/TodayScreen.tsx"]);
const budgets = [
  ["Today's path, JS", today, 110],
  ["Ringing beyond it", minus(filesOf([...entry, "src/ringing/RingingScreen.tsx"]), today), 30],
];
for (const screen of [
  "alarms/AlarmsScreen",
  "editor/EditorScreen",
  "bedside/BedsideScreen",
  "history/HistoryScreen",
  "devices/DevicesScreen",
  "settings/SettingsScreen",
  "sleep/SleepScreen",
]) {
  const part = screen.startsWith("sleep/") ? "nights" : "more";
  budgets.push([
    `${screen.split("/")[0]} beyond it`,
    minus(filesOf([...entry, ...words(part), `src/${screen}.tsx`]), today),
    40,
  ]);
}

let broken = 0;
for (const [name, files, limit] of budgets) {
  const kib = [...files].filter((file) => file.endsWith(".js")).reduce((sum, file) => sum + weigh(file), 0) / KIB;
  const verdict = kib <= limit ? "" : "  <- too heavy";
  if (verdict) broken += 1;
  console.log(`${name.padEnd(24)} ${kib.toFixed(1).padStart(6)} KiB gz of ${limit}${verdict}`);
}
if (broken) process.exit(1);

function minus(files, others) {
  return new Set([...files].filter((file) => !others.has(file)));
}
