// Canonical JSON (RFC 8785): one text for one value, the same here and in Python (twin of sync/canonical.py).

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Arrays and objects inside one another; the bound keeps every reader's stack safe. */
export const MAX_DEPTH = 32;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** The value has no canonical form: no JSON, a number beyond a double, a lone surrogate, or nested too deep. */
export class NotCanonical extends Error {}

/** The canonical text of a JSON value. Throws NotCanonical. */
export function canonicalJson(value: unknown): string {
  return written(value, MAX_DEPTH);
}

/** The value that its canonical text stands for, new: equal values are then the same JSON. Throws NotCanonical. */
export function normalized(value: unknown): Json {
  return JSON.parse(canonicalJson(value)) as Json;
}

function written(value: unknown, depthLeft: number): string {
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value === "boolean" || Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== "object") throw new NotCanonical("not JSON");
  if (!depthLeft) throw new NotCanonical("nested too deep");
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item: unknown) => written(item, depthLeft - 1)).join()}]`;
  }
  const isPlain = Object.prototype.toString.call(value) === "[object Object]";
  if (!isPlain) throw new NotCanonical("not JSON"); // a Date, a Map ... would be written as {}
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, item]) => `${quoted(name)}:${written(item, depthLeft - 1)}`).join()}}`;
}

function quoted(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new NotCanonical("half a character");
  return JSON.stringify(text);
}
