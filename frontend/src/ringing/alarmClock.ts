// The device's own alarm clock: chained timers towards the next instant, never early, and caught up after a sleep.

export interface TimePort {
  /** Server-corrected, epoch milliseconds. */
  now(): number;
  /** Runs later, as setTimeout does: it may be early by a millisecond, and as late as the system likes. */
  after(ms: number, run: () => void): () => void;
}

export interface Timed {
  readonly ringAt: number;
}

export interface AlarmClock<T extends Timed> {
  /** Replaces what it waits for. */
  arm(dues: readonly T[]): void;
  /** Look at the clock now: the page woke up, or the clock was corrected. */
  check(): void;
  stop(): void;
}

/** A timer never runs longer: a clock that was set, or a machine that slept, is noticed soon. */
export const LONGEST_WAIT_MS = 30_000;
/** How long before a ring the sound is made ready. */
export const SOON_MS = 5_000;

export function createAlarmClock<T extends Timed>(
  time: TimePort,
  onDue: (dues: readonly T[]) => void,
  onSoon: (due: T) => void,
): AlarmClock<T> {
  let waiting: readonly T[] = [];
  let soonFor: T | null = null;
  let cancel: () => void = () => undefined;

  function check(): void {
    cancel();
    const now = time.now();
    const due = waiting.filter((one) => one.ringAt <= now);
    if (due.length > 0) {
      waiting = waiting.filter((one) => one.ringAt > now);
      onDue(due);
    }
    const next = waiting.reduce<T | null>((first, one) => (first && first.ringAt <= one.ringAt ? first : one), null);
    if (next === null) return;
    const left = next.ringAt - now;
    if (left <= SOON_MS && soonFor !== next) {
      soonFor = next;
      onSoon(next);
    }
    cancel();
    cancel = time.after(Math.ceil(left > SOON_MS ? Math.min(LONGEST_WAIT_MS, left - SOON_MS) : left), check);
  }

  return {
    arm(dues) {
      waiting = dues;
      check();
    },
    check,
    stop() {
      waiting = [];
      cancel();
    },
  };
}
