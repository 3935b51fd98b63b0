// The kinds of things that are synced, and the fields of each that a client may write (twin of sync/kinds.py).

/** Per kind its fields, each replaced whole. `deleted` is a field where the thing can be deleted. */
export const WRITABLE = {
  alarm: [
    "category",
    "deleted",
    "enabled",
    "instructions",
    "label",
    "priority",
    "ring",
    "schedule",
    "smart_wake_minutes",
    "snooze",
    "tags",
    "time_zone",
  ],
  answer: ["at", "event", "minutes", "occurrence_id", "ring"],
  device: ["deleted", "name", "platform", "push_subscription", "ring"],
  profile: ["locale", "name", "time_zone"],
  settings: [
    "first_weekday",
    "hide_label_on_lock_screen",
    "high_contrast",
    "hour_cycle",
    "language",
    "larger_text",
    "reduced_motion",
    "simplified_mode",
    "sleep_consent",
    "sleep_goal_minutes",
    "theme",
  ],
  skip: ["skipped"],
} as const;

/** Kinds that a pull gives and no push may write. */
export const READ_ONLY = ["occurrence"] as const;

export type WritableKind = keyof typeof WRITABLE;
export type Kind = WritableKind | (typeof READ_ONLY)[number];

/** The fields of a kind, null for a kind that no push may write. */
export function writableFields(kind: string): readonly string[] | null {
  return Object.hasOwn(WRITABLE, kind) ? WRITABLE[kind as WritableKind] : null;
}

/** Whether pulls alone bring this kind. */
export function isReadOnly(kind: string): boolean {
  return (READ_ONLY as readonly string[]).includes(kind);
}
