// Holds the words to the code: every text is in the catalogs, and every language has all of them.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const src = join(root, "src");
const features = readdirSync(src).filter((name) => existsSync(join(src, name, "locales")));
const before = new Map(features.flatMap((name) => read(name)));
const kept = mkdtempSync(join(tmpdir(), "words-"));
for (const name of features) cpSync(join(src, name, "locales"), join(kept, name), { recursive: true });

let problems = 0;
try {
  execFileSync(process.execPath, [join(root, "node_modules/@lingui/cli/dist/lingui.js"), "extract", "--clean"], {
    cwd: root,
    stdio: "pipe",
  });
  for (const name of features) {
    for (const [file, text] of read(name)) {
      if (ids(text).join() !== ids(before.get(file) ?? "").join()) {
        problems += 1;
        console.error(`${file}: does not hold the texts of the code. Run "npm run words" and translate what is new.`);
      }
      for (const id of file.endsWith("/en.po") ? [] : untranslated(before.get(file) ?? "")) {
        problems += 1;
        console.error(`${file}: not translated: ${id}`);
      }
    }
  }
} finally {
  for (const name of features) cpSync(join(kept, name), join(src, name, "locales"), { recursive: true });
  rmSync(kept, { recursive: true });
}
if (problems > 0) process.exit(1);
console.log(`Every text is there in every language (${features.length} features).`);

function read(name) {
  const folder = join(src, name, "locales");
  return readdirSync(folder).map((file) => [`src/${name}/locales/${file}`, readFileSync(join(folder, file), "utf8")]);
}

function entries(text) {
  return text
    .split("\n\n")
    .filter((block) => !block.startsWith("#~") && !block.includes('msgid ""\nmsgstr ""\n"POT'))
    .map((block) => [...block.matchAll(/^(msgctxt|msgid|msgstr) ((?:".*"\n?)+)/gm)])
    .filter((parts) => parts.length > 0)
    .map((parts) => Object.fromEntries(parts.map(([, key, value]) => [key, value.replaceAll(/"\n"|^"|"\n?$/g, "")])));
}

function ids(text) {
  return entries(text)
    .map((entry) => `${entry.msgctxt ?? ""}|${entry.msgid}`)
    .sort();
}

function untranslated(text) {
  return entries(text)
    .filter((entry) => entry.msgid !== "" && !entry.msgstr)
    .map((entry) => entry.msgid);
}
