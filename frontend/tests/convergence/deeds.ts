// What people do in the test: edits on devices, and the same over REST by somebody else.
import type { Write } from "../../src/replica/writing";
import type { Json } from "../../src/sync/canonical";
import type { Chance } from "./chance";
import type { Device } from "./device";

const RULES = ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;BYDAY=SA,SU", null];
const ZONES = [null, "Europe/Madrid", "America/Sao_Paulo", "Asia/Tokyo"];
const HOME_ZONES = ["Europe/Madrid", "Europe/Lisbon", "America/Bogota"];

function schedule(chance: Chance): Json {
  const hour = String(chance.below(24)).padStart(2, "0");
  const start = `2026-01-0${1 + chance.below(9)}T${hour}:${String(chance.below(60)).padStart(2, "0")}:00`;
  return { start, rrule: chance.pick(RULES), exdates: [], rdates: [] };
}

function alarmFields(chance: Chance): Record<string, Json> {
  const all: Record<string, Json> = {
    label: chance.is(0.05) ? "too long ".repeat(40) : `Alarm ${chance.below(1000)}`,
    enabled: chance.is(0.7),
    schedule: schedule(chance),
    time_zone: chance.pick(ZONES),
    tags: [`t${chance.below(9)}`],
    priority: chance.pick(["low", "normal", "high"]),
    snooze: { minutes: 1 + chance.below(30), limit: chance.below(5) },
  };
  const names = Object.keys(all).filter(() => chance.is(0.35));
  return Object.fromEntries((names.length ? names : ["label"]).map((name) => [name, all[name]!]));
}

/** A random edit on a device. `alarmIds` are those that anybody has made so far. */
export function draw(chance: Chance, alarmIds: string[], occurrenceIds: readonly string[]): Write[] {
  const turn = chance.next();
  if (turn < 0.2 || !alarmIds.length) {
    const id = chance.id();
    alarmIds.push(id);
    const label = `New ${chance.below(1000)}`;
    return [{ kind: "alarm", id, fields: { label, schedule: schedule(chance), enabled: true, deleted: false } }];
  }
  const id = chance.pick(alarmIds);
  if (turn < 0.5) return [{ kind: "alarm", id, fields: alarmFields(chance) }];
  if (turn < 0.58) return [{ kind: "alarm", id, fields: { deleted: true } }];
  if (turn < 0.68) return [{ kind: "alarm", id, fields: { ...alarmFields(chance), enabled: true, deleted: false } }];
  if (turn < 0.72 && occurrenceIds.length) {
    // Most are of rings to come, as a wrong clock makes them: what becomes of them, all must agree on.
    const event = chance.pick(["dismiss", "snooze"]);
    const at = new Date().toISOString();
    const answer = {
      occurrence_id: chance.is(0.5) ? occurrenceIds.reduce(sooner) : chance.pick(occurrenceIds),
      event,
      ring: 1,
      at,
      minutes: event === "snooze" ? 5 : null,
    };
    return [{ kind: "answer", id: chance.id(), fields: answer }];
  }
  if (turn < 0.8 && occurrenceIds.length) {
    return [{ kind: "skip", id: chance.pick(occurrenceIds), fields: { skipped: chance.is(0.7) } }];
  }
  if (turn < 0.86) {
    const field = chance.pick(["theme", "hour_cycle"]);
    const value = field === "theme" ? chance.pick(["light", "dark", "blue"]) : chance.pick(["h12", "h23"]);
    return [{ kind: "settings", id: "me", fields: { [field]: value } }];
  }
  if (turn < 0.92) {
    return [{ kind: "profile", id: "me", fields: { name: `Ana ${chance.below(100)}`, time_zone: chance.pick(HOME_ZONES) } }];
  }
  if (turn < 0.96) {
    const device = { name: `Phone ${chance.below(10)}`, ring: chance.pick(["always", "backup", "never"]) };
    return [{ kind: "device", id: "00000000-0000-4000-8000-00000000000" + String(chance.below(3)), fields: device }];
  }
  return chance.is(0.5)
    ? [{ kind: "alarm", id, fields: { enabled: false } }, ...draw(chance, alarmIds, occurrenceIds)] // bulk
    : [{ kind: "alarm", id: "not a uuid", fields: { label: "Nobody's" } }];
}

/** Of two occurrences' ids, which end in their instants. */
function sooner(one: string, other: string): string {
  return one.slice(37) < other.slice(37) ? one : other;
}

/** Somebody edits over REST meanwhile. Whatever it answers is fine: alarms may be gone. */
export async function editOverRest(device: Device, chance: Chance, alarmIds: string[]): Promise<void> {
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${device.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${device.token}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.status >= 500) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    await response.text();
  };
  const turn = chance.next();
  if (turn < 0.25 || !alarmIds.length) {
    const id = chance.id();
    alarmIds.push(id);
    await call("POST", "/alarms", { id, label: "From REST", schedule: schedule(chance) });
  } else if (turn < 0.75) {
    await call("PATCH", `/alarms/${chance.pick(alarmIds)}`, alarmFields(chance));
  } else if (turn < 0.85) {
    await call("DELETE", `/alarms/${chance.pick(alarmIds)}`);
  } else {
    await call("PATCH", "/me", { time_zone: chance.pick(HOME_ZONES) });
  }
}
