// Made nights for tests and pictures: stages that go as sleep goes, with the movement and heart rate that would come of them.
import { randomUUID } from "node:crypto";
import type { ApiClient } from "./fixtures";

type Stage = "wake" | "light" | "deep" | "rem";

export interface MadeNight {
  readonly start: Date;
  readonly stages: readonly Stage[];
  readonly counts: readonly number[];
  readonly heartRate: readonly number[];
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Cycles of about 90 minutes: deep sleep early, REM late, some wake between. The same seed makes the same night. */
export function madeNight(start: Date, minutes: number, seed: number): MadeNight {
  const random = generator(seed);
  const stages: Stage[] = [];
  const add = (stage: Stage, length: number) => {
    for (let epoch = 0; epoch < length * 2; epoch += 1) stages.push(stage);
  };
  add("wake", 6 + random() * 16);
  for (let cycle = 0; stages.length < minutes * 2; cycle += 1) {
    add("light", 12 + random() * 12);
    add("deep", Math.max(0, 34 - cycle * 11 + random() * 8));
    add("light", 14 + random() * 10);
    add("rem", 6 + cycle * 7 + random() * 6);
    if (random() < 0.55) add("wake", 1 + random() * 6);
  }
  stages.length = Math.round(minutes * 2) - 12;
  add("wake", 6);
  const moves = { wake: 90, light: 6, deep: 0.3, rem: 3 };
  const beats = { wake: 68, light: 57, deep: 53, rem: 62 };
  return {
    start,
    stages,
    counts: stages.map((stage) => {
      const isStill = random() > { wake: 0.75, light: 0.14, deep: 0.02, rem: 0.1 }[stage];
      return isStill ? 0 : Math.round(moves[stage] * (0.2 + 3 * random()));
    }),
    heartRate: stages.map((stage) => Math.round((beats[stage] + (random() - 0.5) * (stage === "rem" ? 8 : 4)) * 10) / 10),
  };
}

export interface Sent {
  readonly source?: "wrist" | "mattress";
  /** By "vendor" the stages come from a watch; "counts" sends no heart rate. */
  readonly how?: "whole" | "counts" | "vendor";
  readonly zone?: string;
}

/** Send a night as a device does, all at once, and finish it. */
export async function sendNight(client: ApiClient, night: MadeNight, sent: Sent = {}): Promise<string> {
  const id = randomUUID();
  await client.call("PUT", `/sleep/sessions/${id}`, {
    start: night.start.toISOString(),
    source: sent.source ?? "wrist",
    time_zone: sent.zone ?? "Europe/Madrid",
  });
  const how = sent.how ?? "whole";
  const epochs =
    how === "vendor"
      ? { stages: night.stages, source: "apple_health" }
      : { counts: night.counts, ...(how === "whole" ? { heart_rate: night.heartRate } : {}) };
  await client.call("POST", `/sleep/sessions/${id}/epochs`, { first: 0, ...epochs });
  await client.call("POST", `/sleep/sessions/${id}/finish`, {});
  return id;
}

/** So many nights up to this morning: short before work, late and long at weekends, one of them from a watch. */
export async function sendNights(client: ApiClient, count: number, now = Date.now()): Promise<readonly string[]> {
  const midnight = Math.floor(now / DAY) * DAY;
  const ids: string[] = [];
  for (let back = 0; back < count; back += 1) {
    const random = generator(back + 41);
    const morning = midnight - back * DAY;
    const isFree = [0, 6].includes(new Date(morning).getUTCDay());
    const minutes = Math.round((isFree ? 490 : 425) + (random() - 0.5) * 70);
    const upAt = morning + (isFree ? 8.4 : 6.6) * 60 * MINUTE + (random() - 0.5) * 40 * MINUTE;
    const start = new Date(Math.min(upAt, now - MINUTE) - minutes * MINUTE);
    const how = back === 2 ? "vendor" : back === 4 ? "counts" : "whole";
    ids.push(await sendNight(client, madeNight(start, minutes, back + 7), { how }));
  }
  return ids;
}

/** Numbers from 0 to 1 that look like chance and are the same each time (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
