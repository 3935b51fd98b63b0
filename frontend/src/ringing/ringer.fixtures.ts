// A device of its own for tests of the ringer: its store, its clock, and everything it told the world.
import type { AlarmFields, AnswerFields, DeviceFields, OccurrenceFields, Shown } from "../replica/types";
import type { Due, Stored } from "./due";
import { FakeTime } from "./fakeTime";
import type { News } from "./messages";
import { createRinger, type Ringer } from "./ringerCore";
import { NO_RINGS, ringing, shown, type RingState } from "./ringState";

export const SEVEN = Date.UTC(2026, 11, 1, 7);
export const MINUTE = 60_000;

export const ALARM = {
  label: "Work",
  enabled: true,
  instructions: "Feed the cat.",
  snooze: { minutes: 9, limit: 3 },
  ring: { sound: "chimes", ramp_seconds: 30, vibrate: true, challenge: "none", timeout_minutes: 10 },
} as unknown as AlarmFields;

export function occurrence(id: string, fields: Partial<OccurrenceFields> = {}): Shown<"occurrence"> {
  return {
    kind: "occurrence",
    id,
    isPending: false,
    fields: {
      alarm_id: "a",
      label: "Work",
      at: new Date(SEVEN).toISOString(),
      local: "2026-12-01T07:00:00+00:00",
      state: "pending",
      ring_count: 0,
      snoozed_until: null,
      answered_by: null,
      reason: null,
      ...fields,
    },
  };
}

export function device(id: string, ring: DeviceFields["ring"], hasPush = true): Shown<"device"> {
  const push = hasPush ? { endpoint: "https://push.example", keys: { p256dh: "", auth: "" } } : null;
  return { kind: "device", id, isPending: false, fields: { name: id, platform: "web", ring, push_subscription: push } };
}

export class Device {
  readonly time = new FakeTime(SEVEN - 10 * MINUTE);
  readonly answers: AnswerFields[] = [];
  readonly told: News[] = [];
  readonly prepared: string[] = [];
  readonly ringer: Ringer;
  state: RingState = NO_RINGS;
  next: Due | null = null;
  isOnline = false;
  fetches = 0;
  /** What a fetch brings. */
  onFetch: () => void = () => undefined;
  stored: Stored = {
    occurrences: [occurrence("x")],
    alarms: [{ kind: "alarm", id: "a", isPending: false, fields: ALARM }],
    skips: [],
    devices: [],
    deviceId: "me",
    pulledAt: SEVEN - 11 * MINUTE,
  };

  constructor() {
    this.ringer = createRinger({
      time: this.time,
      stored: () => this.stored,
      isOnline: () => this.isOnline,
      fetchNew: () => {
        this.fetches += 1;
        this.onFetch();
        return Promise.resolve();
      },
      answer: (answer) => {
        this.answers.push(answer);
        return Promise.resolve();
      },
      report: () => undefined,
      tell: (news) => this.told.push(news),
      prepare: (content) => this.prepared.push(content.sound),
      onChange: (state, next) => {
        this.state = state;
        this.next = next;
      },
      makeId: () => "1",
    });
  }

  store(change: Partial<Stored>): void {
    this.stored = { ...this.stored, ...change };
    this.ringer.look();
  }

  get rings(): string[] {
    return ringing(this.state).map((ring) => `${ring.id}${ring.ring}`);
  }

  get shown(): string[] {
    return shown(this.state).map((ring) => `${ring.id} ${ring.phase}`);
  }
}
