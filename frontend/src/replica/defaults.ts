// What a thing is where nobody has said anything: the same defaults as the server's, for things it has not seen yet.
import type { Preferences } from "../api/types";
import { isDeleted, type Entity, type Fields } from "../sync/merge";
import type { Kind } from "./types";

/** As the server fills them in. */
export const SETTINGS: Preferences = {
  theme: "system",
  language: null,
  hour_cycle: "auto",
  first_weekday: "auto",
  reduced_motion: false,
  high_contrast: false,
  larger_text: false,
  simplified_mode: false,
  hide_label_on_lock_screen: false,
  sleep_consent: false,
  sleep_goal_minutes: 480,
};

const DEFAULTS: Readonly<Record<Exclude<Kind, "occurrence">, Fields>> = {
  alarm: {
    enabled: true,
    time_zone: null,
    smart_wake_minutes: 0,
    snooze: { minutes: 9, limit: 3 },
    ring: { sound: "sunrise", ramp_seconds: 60, vibrate: true, challenge: "none", timeout_minutes: 10 },
    category: "other",
    priority: "normal",
    instructions: "",
    tags: [],
  },
  skip: {},
  settings: { ...SETTINGS },
  profile: {},
  device: { platform: "web", ring: "always", push_subscription: null, push: "none", push_lost_at: null },
};

const REQUIRED: Readonly<Record<Exclude<Kind, "occurrence">, readonly string[]>> = {
  alarm: ["label", "schedule"],
  skip: ["skipped"],
  settings: [],
  profile: ["name", "locale", "time_zone"],
  device: ["name"],
};

/** What no screen needs: then the fields of one alarm can be written to another. */
const UNSHOWN: readonly string[] = ["deleted", "created_at", "updated_at"];

/** The fields as screens get them; null for what is deleted or still lacks what it cannot be without. */
export function visibleFields(kind: Exclude<Kind, "occurrence">, entity: Entity): Fields | null {
  if (isDeleted(entity) || REQUIRED[kind].some((name) => !Object.hasOwn(entity.fields, name))) return null;
  const fields = { ...DEFAULTS[kind], ...entity.fields };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !UNSHOWN.includes(name)));
}
