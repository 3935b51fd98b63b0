// What rings here: one place on a lattice for each occurrence, as on the server, so doubled, late and reordered news do no harm.
//
//   pending < ringing(1) < timed_out(1) < snoozed(1) < ringing(2) < ... < skipped < missed < dismissed
//
// "timed_out" is this device's own: it rang here for as long as it should, and the server has not said yet what that means.

export type Phase = "ringing" | "timed_out" | "snoozed" | "skipped" | "missed" | "dismissed";

/** What a device needs to know of the alarm to ring. */
export interface RingContent {
  readonly alarmId: string | null;
  readonly label: string;
  readonly instructions: string;
  readonly sound: string;
  readonly rampSeconds: number;
  readonly vibrate: boolean;
  readonly challenge: "none" | "math" | "hold" | "shake" | "memory";
  readonly timeoutMinutes: number;
  readonly snoozeMinutes: number;
  readonly snoozesLeft: number;
}

/** Where an occurrence stands, as far as this device knows. */
export interface Standing {
  readonly id: string;
  readonly phase: Phase;
  /** The number of the ring: 1, and one more after each snooze. */
  readonly ring: number;
  /** Epoch milliseconds; only when snoozed. */
  readonly snoozedUntil: number | null;
}

export interface Ring extends Standing {
  readonly content: RingContent;
  /** When this ring was due, epoch milliseconds. */
  readonly dueAt: number;
  /** When it began here. */
  readonly startedAt: number;
  /** How many times the server has called again: from the third on at full volume. */
  readonly rung: number;
  /** Only to try it: nothing of it leaves this device. */
  readonly isTest: boolean;
  /** This device is set never to ring: it shows, and stays quiet. */
  readonly isSilent: boolean;
  /** The person has seen the last word on it. */
  readonly isClosed: boolean;
}

export type RingState = ReadonlyMap<string, Standing | Ring>;
export const NO_RINGS: RingState = new Map();

export interface RingStart {
  readonly id: string;
  readonly ring: number;
  readonly dueAt: number;
  readonly content: RingContent;
  readonly rung: number;
  readonly isTest?: boolean;
  readonly isSilent?: boolean;
}

/** Rings from now on, unless that ring, or what comes after it, is known already. */
export function begin(state: RingState, start: RingStart, now: number): RingState {
  const known = state.get(start.id);
  const standing: Standing = { id: start.id, phase: "ringing", ring: start.ring, snoozedUntil: null };
  if (known && rank(known) >= rank(standing)) {
    if (known.phase !== "ringing" || !isRing(known) || known.rung >= start.rung) return state;
    return put(state, { ...known, rung: start.rung });
  }
  return put(state, {
    ...standing,
    content: start.content,
    dueAt: start.dueAt,
    startedAt: now,
    rung: start.rung,
    isTest: start.isTest ?? false,
    isSilent: start.isSilent ?? false,
    isClosed: false,
  });
}

/** Take in where an occurrence stands, from whichever side the news comes. Of two snoozes the earlier end holds. */
export function settle(state: RingState, standing: Standing): RingState {
  const known = state.get(standing.id);
  if (known) {
    const step = rank(standing) - rank(known);
    const isSooner = step === 0 && (standing.snoozedUntil ?? Infinity) < (known.snoozedUntil ?? Infinity);
    if (step < 0 || (step === 0 && !isSooner)) return state;
  }
  return put(state, { ...known, ...standing });
}

/** Rings that went on for as long as they should end as timed out. */
export function passTime(state: RingState, now: number): RingState {
  let after = state;
  for (const ring of ringing(state)) {
    if (now >= endsAt(ring)) after = settle(after, { ...standingOf(ring), phase: "timed_out" });
  }
  return after;
}

/** The person has read that it was missed. */
export function close(state: RingState, id: string): RingState {
  const known = state.get(id);
  return known && isRing(known) && !known.isClosed ? put(state, { ...known, isClosed: true }) : state;
}

/** Forget what is over and not shown, once it is older than that. Tests are forgotten as soon as they end. */
export function forget(state: RingState, before: number): RingState {
  const kept = [...state].filter(([, one]) => {
    if (!isRing(one)) return (one.snoozedUntil ?? Infinity) >= before;
    if (one.phase === "ringing") return true;
    return one.isTest ? one.phase === "timed_out" && !one.isClosed : one.startedAt >= before;
  });
  return kept.length === state.size ? state : new Map(kept);
}

/** What rings now, the one that began first at the front. */
export function ringing(state: RingState): readonly Ring[] {
  return shown(state).filter((ring) => ring.phase === "ringing");
}

/** What the person is to see: what rings, and what rang here and was missed. */
export function shown(state: RingState): readonly Ring[] {
  return [...state.values()]
    .filter(isRing)
    .filter(
      (ring) => ring.phase === "ringing" || ((ring.phase === "timed_out" || ring.phase === "missed") && !ring.isClosed),
    )
    .sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
}

/** Whether that ring, or something after it, is known here already. */
export function isKnown(state: RingState, id: string, ring: number): boolean {
  const known = state.get(id);
  return known !== undefined && rank(known) >= rank({ id, phase: "ringing", ring, snoozedUntil: null });
}

/** Whether it began to ring here before that instant, and nobody has answered since. */
export function beganBefore(one: Standing | Ring, instant: number): boolean {
  return isRing(one) && (one.phase === "ringing" || one.phase === "timed_out") && one.startedAt < instant;
}

export function endsAt(ring: Ring): number {
  return ring.startedAt + ring.content.timeoutMinutes * 60_000;
}

export function standingOf({ id, phase, ring, snoozedUntil }: Standing): Standing {
  return { id, phase, ring, snoozedUntil };
}

const OVER = 1_000_000;

/** Places on the lattice as numbers. */
export function rank({ phase, ring }: Standing): number {
  switch (phase) {
    case "ringing":
      return 3 * ring - 2;
    case "timed_out":
      return 3 * ring - 1;
    case "snoozed":
      return 3 * ring;
    case "skipped":
      return OVER;
    case "missed":
      return OVER + 1;
    case "dismissed":
      return OVER + 2;
  }
}

function isRing(one: Standing | Ring): one is Ring {
  return "content" in one;
}

function put(state: RingState, one: Standing | Ring): RingState {
  return new Map(state).set(one.id, one);
}
