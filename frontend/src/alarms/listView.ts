// Which alarms the list shows, and in which order. Pure.
import type { AlarmFields, Shown } from "../replica/types";

export interface Filters {
  readonly text: string;
  readonly show: "all" | "on" | "off";
  readonly category: string | null;
  readonly tag: string | null;
}

export const NO_FILTERS: Filters = { text: "", show: "all", category: null, tag: null };

/** What is known of an alarm's next ring; undefined while it is worked out. */
export type Next =
  | { readonly type: "rings"; readonly atMs: number; readonly local: string }
  | { readonly type: "snoozed"; readonly atMs: number }
  | { readonly type: "ringing" | "off" | "over" | "beyond_horizon" | "unknown_zone" };

export function isSameNext(one: Next | undefined, other: Next | undefined): boolean {
  if (one?.type === "rings" && other?.type === "rings") return one.atMs === other.atMs && one.local === other.local;
  if (one?.type === "snoozed" && other?.type === "snoozed") return one.atMs === other.atMs;
  return one?.type === other?.type;
}

/** What to order them by: what rings now is first, what will not ring is last. */
export function startOf(next: Next | undefined): number {
  if (next?.type === "ringing") return -Infinity;
  return next?.type === "rings" || next?.type === "snoozed" ? next.atMs : Infinity;
}

export type NextRings = ReadonlyMap<string, Next>;

/** Those that match, the next to ring first; then those that are on without a ring to come, then those that are off. */
export function listView(
  alarms: readonly Shown<"alarm">[],
  nextRings: NextRings,
  filters: Filters,
  categoryName: (category: string) => string,
): Shown<"alarm">[] {
  const words = folded(filters.text).split(/\s+/).filter(Boolean);
  return alarms
    .filter((alarm) => matches(alarm.fields, words, filters, categoryName))
    .sort((one, other) => compare(one, other, nextRings));
}

export function hasFilters({ text, show, category, tag }: Filters): boolean {
  return text.trim() !== "" || show !== "all" || category !== null || tag !== null;
}

/** What there is to filter by, in the order of the alphabet. */
export function filterChoices(alarms: readonly Shown<"alarm">[]): { categories: string[]; tags: string[] } {
  const categories = new Set(alarms.map((alarm) => alarm.fields.category));
  const tags = new Set(alarms.flatMap((alarm) => alarm.fields.tags));
  return { categories: [...categories].sort(), tags: [...tags].sort((one, other) => one.localeCompare(other)) };
}

function matches(
  fields: AlarmFields,
  words: readonly string[],
  { show, category, tag }: Filters,
  categoryName: (category: string) => string,
): boolean {
  if (show !== "all" && fields.enabled !== (show === "on")) return false;
  if (category !== null && fields.category !== category) return false;
  if (tag !== null && !fields.tags.includes(tag)) return false;
  if (words.length === 0) return true;
  const searched = folded([fields.label, ...fields.tags, categoryName(fields.category)].join(" "));
  return words.every((word) => searched.includes(word));
}

/** Whoever looks for "medicacao" means "Medicação". */
function folded(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{Diacritic}/gu, "")
    .toLowerCase();
}

function compare(one: Shown<"alarm">, other: Shown<"alarm">, nextRings: NextRings): number {
  if (one.fields.enabled !== other.fields.enabled) return one.fields.enabled ? -1 : 1;
  const [first, second] = [one, other].map((alarm) => startOf(nextRings.get(alarm.id))) as [number, number];
  if (first !== second) return first - second;
  const [time, otherTime] = [one, other].map(({ fields }) => fields.schedule.start.slice(11)) as [string, string];
  if (time !== otherTime) return time < otherTime ? -1 : 1;
  return one.fields.label.localeCompare(other.fields.label) || (one.id < other.id ? -1 : 1);
}
