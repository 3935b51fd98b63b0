// Which key does what. Pure: the keys pressed so far and when, the path to go to or the thing to open.

export type Shortcut =
  { readonly type: "go"; readonly path: string } | { readonly type: "search" } | { readonly type: "help" };

/** After "g", the second key is awaited this long. */
const SEQUENCE_MS = 1500;

const PLACES: Readonly<Record<string, string>> = {
  t: "/",
  a: "/alarms",
  h: "/history",
  d: "/devices",
  s: "/settings",
  b: "/bedside",
  z: "/sleep",
};

export interface Pressed {
  readonly key: string;
  readonly at: number;
}

/** What a key means, after the key before it. */
export function keyToShortcut(now: Pressed, before: Pressed | null): Shortcut | null {
  const key = now.key.toLowerCase();
  if (before?.key === "g" && now.at - before.at <= SEQUENCE_MS) {
    const path = PLACES[key];
    return path === undefined ? null : { type: "go", path };
  }
  if (key === "n") return { type: "go", path: "/alarms/new" };
  if (key === "/") return { type: "search" };
  if (key === "?") return { type: "help" };
  return null;
}
