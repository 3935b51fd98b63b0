// The ringer: takes in news from every side, keeps the state, arms the device's own clock, and says what to sound and tell.
import type { AnswerFields } from "../replica/types";
import { createAlarmClock, type TimePort } from "./alarmClock";
import { dueRings, roleOf, type Due, type Stored } from "./due";
import type { News } from "./messages";
import type { ReportEvent } from "./reports";
import {
  begin,
  close,
  endsAt,
  forget,
  isKnown,
  NO_RINGS,
  passTime,
  ringing,
  settle,
  standingOf,
  type Phase,
  type Ring,
  type RingContent,
  type RingState,
} from "./ringState";

export interface RingerPorts {
  readonly time: TimePort;
  /** What is stored on this device; null until it was read from the disk. */
  readonly stored: () => Stored | null;
  readonly isOnline: () => boolean;
  /** Fetch what is new. Never rejects. */
  readonly fetchNew: () => Promise<void>;
  readonly answer: (answer: AnswerFields) => Promise<void>;
  readonly report: (occurrenceId: string, ring: number, event: ReportEvent) => void;
  /** Pass news on to the other tabs of this browser. */
  readonly tell: (news: News) => void;
  /** Make a sound ready; it is needed within seconds. */
  readonly prepare: (content: RingContent) => void;
  /** The state changed. `next`: what this device is armed for. */
  readonly onChange: (state: RingState, next: Due | null) => void;
  readonly makeId: () => string;
}

export interface Ringer {
  /** News from the socket, a push or another tab (those are not passed on again). */
  hear(news: News, isFromTab?: boolean): void;
  /** What is stored changed, or the page woke up. */
  look(): void;
  snooze(ring: Ring): void;
  dismiss(ring: Ring): void;
  /** The person has read that it was missed. */
  close(ring: Ring): void;
  test(content: RingContent): void;
  stop(): void;
}

/** A ring found so much too late may have been answered elsewhere while this device slept: look first, but not for long. */
const LOOK_FIRST_MS = 5_000;
const FETCH_PATIENCE_MS = 3_000;
const REMEMBERED_MS = 48 * 3_600_000;

export function createRinger(ports: RingerPorts): Ringer {
  const { time } = ports;
  let state: RingState = NO_RINGS;
  let next: Due | null = null;
  let isFetching = false;
  let fetchedFor = new Set<string>();
  let cancelEnd: () => void = () => undefined;
  const clock = createAlarmClock<Due>(time, onDue, (due) => ports.prepare(due.content));

  function change(after: RingState): void {
    const now = time.now();
    const settled = forget(passTime(after, now), now - REMEMBERED_MS);
    if (settled === state) return;
    state = settled;
    cancelEnd();
    const ends = ringing(state).map(endsAt);
    if (ends.length > 0)
      cancelEnd = time.after(Math.max(0, Math.min(...ends) - now), () => change(passTime(state, time.now())));
    ports.onChange(state, next);
    arm();
  }

  function arm(): void {
    const stored = ports.stored();
    if (!stored) return;
    const dues = dueRings(stored, state, time.now());
    const before = next;
    next = dues[0] ?? null;
    if (before?.id !== next?.id || before?.ringAt !== next?.ringAt) ports.onChange(state, next);
    clock.arm(dues);
  }

  function onDue(dues: readonly Due[]): void {
    const now = time.now();
    const late = dues.filter((due) => now - due.ringAt > LOOK_FIRST_MS && !fetchedFor.has(keyOf(due)));
    if (late.length > 0 && ports.isOnline()) void fetchFirst(late);
    const ready = dues.filter((due) => !ports.isOnline() || !late.includes(due));
    if (ready.length === 0) return;
    change(ready.reduce((after, due) => begin(after, due, now), state));
    for (const due of ready) ports.tell({ type: "ring", start: due });
  }

  /** Then arm again: what was answered meanwhile is gone, what was not rings late. */
  async function fetchFirst(late: readonly Due[]): Promise<void> {
    if (isFetching) return;
    isFetching = true;
    const patience = new Promise<void>((done) => void time.after(FETCH_PATIENCE_MS, done));
    await Promise.race([ports.fetchNew(), patience]);
    isFetching = false;
    fetchedFor = new Set([...fetchedFor, ...late.map(keyOf)].slice(-50));
    look();
  }

  /** What is stored may know how a ring ended. */
  function takeStored(): void {
    const stored = ports.stored();
    if (!stored) return;
    let after = state;
    for (const { id, fields } of stored.occurrences) {
      const known = state.get(id);
      if (!known || fields.state === "pending" || fields.state === "ringing") continue;
      const until = fields.snoozed_until === null ? null : Date.parse(fields.snoozed_until);
      const phase: Phase = fields.state;
      // An answer given offline is shown on a base that may not know of the ring yet.
      const ring = Math.max(fields.ring_count, 1);
      if (phase === "snoozed" && until === null) continue;
      after = settle(after, { id, phase, ring, snoozedUntil: phase === "snoozed" ? until : null });
    }
    change(after);
  }

  function look(): void {
    takeStored();
    change(passTime(state, time.now()));
    arm();
  }

  function answer(ring: Ring, event: "snooze" | "dismiss"): void {
    const now = time.now();
    const known = state.get(ring.id);
    if (known?.ring !== ring.ring) return;
    const minutes = ring.content.snoozeMinutes;
    const standing =
      event === "snooze"
        ? { ...standingOf(ring), phase: "snoozed" as const, snoozedUntil: now + minutes * 60_000 }
        : { ...standingOf(ring), phase: "dismissed" as const };
    change(settle(state, standing));
    if (ring.isTest) return;
    ports.tell({ type: "standing", standing });
    void ports.answer({
      occurrence_id: ring.id,
      event,
      ring: ring.ring,
      at: new Date(now).toISOString(),
      minutes: event === "snooze" ? minutes : null,
    });
  }

  return {
    hear(news, isFromTab = false) {
      const now = time.now();
      if (news.type === "ring") {
        const stored = ports.stored();
        const isSilent = stored ? roleOf(stored.devices, stored.deviceId) === "never" : false;
        const isNew = !isKnown(state, news.start.id, news.start.ring);
        change(begin(state, { ...news.start, isSilent }, now));
        if (isNew && !isFromTab) ports.tell(news);
      } else {
        change(settle(state, news.standing));
        if (!isFromTab) ports.tell(news);
      }
    },
    look,
    snooze: (ring) => answer(ring, "snooze"),
    dismiss: (ring) => answer(ring, "dismiss"),
    close: (ring) => change(close(state, ring.id)),
    test(content) {
      const now = time.now();
      change(begin(state, { id: `test:${ports.makeId()}`, ring: 1, dueAt: now, content, rung: 0, isTest: true }, now));
    },
    stop() {
      cancelEnd();
      clock.stop();
      state = NO_RINGS;
      next = null;
      ports.onChange(state, next);
    },
  };
}

function keyOf(due: Due): string {
  return `${due.id} ${due.ring}`;
}
