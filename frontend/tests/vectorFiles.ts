// The vector files of tests/vectors: written by Python's brute force, replayed here as they are there.
import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../tests/vectors/", import.meta.url);

/** The names (without .json) of a folder's files, sorted. */
export function vectorNames(folder: string): string[] {
  const files = readdirSync(new URL(`${folder}/`, FOLDER)).filter((file) => file.endsWith(".json"));
  return files.map((file) => file.slice(0, -".json".length)).sort();
}

/** One file (such as "sync/ticks"), as its JSON says. */
export function vectorFile(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
}

/** The cases of one file, each ready for `test.each` under its own name. */
export function vectorCases<T>(name: string): [string, T][] {
  const { cases } = vectorFile(name) as { cases: (T & { name: string })[] };
  return cases.map((item) => [item.name, item]);
}
