// The vector files of tests/vectors: written by Python's brute force, replayed here as they are there.
import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../tests/vectors/", import.meta.url);

/** The names (without .json) of a folder's files, sorted. */
export function vectorNames(folder: string): string[] {
  const files = readdirSync(new URL(`${folder}/`, FOLDER)).filter((file) => file.endsWith(".json"));
  return files.map((file) => file.slice(0, -".json".length)).sort();
}

/** One file, as its JSON says. */
export function vectorFile<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(new URL(`${folder}/${name}.json`, FOLDER), "utf8")) as T;
}

/** The cases of one file, each ready for `test.each` under its own name. */
export function vectorCases<T>(folder: string, name: string): [string, T][] {
  const { cases } = vectorFile<{ cases: (T & { name: string })[] }>(folder, name);
  return cases.map((item) => [item.name, item]);
}
