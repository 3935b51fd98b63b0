// The evening before: the app looks by itself whether this device would ring, at most once a day, and keeps what it found.
import { isRinging } from "../ringing/useRinger";
import { replica } from "../replica/replica";
import { readFacts } from "./facts";
import { readValue, writeValue } from "./known";
import { closeNotifications } from "./registration";
import { runTest } from "./testing";

const HOUR_MS = 3_600_000;
const EVENING_HOUR = 18;
const CHECKED_EVERY_MS = 20 * HOUR_MS;
const LEAD_MS = 12 * HOUR_MS;

/** Whether it is time: an evening, or twelve hours before the next ring, and not looked at today. Pure. */
export function isTimeToCheck(nowMs: number, hour: number, nextRingMs: number | null, checkedMs: number | null): boolean {
  if (checkedMs !== null && nowMs - checkedMs < CHECKED_EVERY_MS && checkedMs <= nowMs) return false;
  if (nextRingMs !== null && nextRingMs > nowMs && nextRingMs - nowMs <= LEAD_MS) return true;
  return hour >= EVENING_HOUR;
}

/** Looks now, if it is time. A test push is sent only where nothing has proved the way since yesterday. */
export async function checkInTheEvening(): Promise<void> {
  const now = Date.now();
  const checkedAt = await readValue("checkedAt");
  if (isRinging() || !isTimeToCheck(now, new Date(now).getHours(), nextRingMs(), checkedAt)) return;
  await writeValue("checkedAt", now);
  const facts = await readFacts();
  if (facts.support !== "ok" || facts.permission !== "granted" || !facts.endpoint || !facts.deviceId) return;
  const test = facts.lastTest;
  const isProved = test?.endpoint === facts.endpoint && test.latencyMs !== null && now - test.testedAt < CHECKED_EVERY_MS;
  if (isProved) return;
  const outcome = await runTest(facts.deviceId, facts.endpoint);
  if (outcome.type === "shown") await closeNotifications(outcome.testId); // nobody asked for it
}

function nextRingMs(): number | null {
  const pending = (replica.all("occurrence") ?? []).filter((one) => one.fields.state === "pending");
  const coming = pending.map((one) => Date.parse(one.fields.at)).filter((at) => at > replica.now());
  return coming.length === 0 ? null : Math.min(...coming);
}
