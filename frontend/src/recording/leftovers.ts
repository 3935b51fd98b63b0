// Sends what earlier pages left: epochs recorded without a connection, and the end of nights whose page was closed.
import { replica } from "../replica/replica";
import { useSession } from "../session/session";
import { onceAgreed } from "./agreed";
import { callServer } from "./http";
import { Nights } from "./nights";
import { RESUMED_WITHIN_MS } from "./recorder";
import { sendNight } from "./sending";

const TRIES = 6;
const FIRST_WAIT_MS = 30_000;
const SPREAD_MS = 3_000;

/** Called once a start, while somebody is signed in. Not while a page of this browser records: that one sends. */
export async function sendLeftNights(): Promise<void> {
  const nights = new Nights();
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  for (let turn = 0; turn < TRIES; turn += 1) {
    // Not all devices at once, when a server comes back.
    await sleep(Math.random() * SPREAD_MS + (turn === 0 ? 0 : FIRST_WAIT_MS * 2 ** turn * (0.5 + Math.random())));
    const isDone = locks
      ? await locks.request("smartalarm-recording", { ifAvailable: true }, (lock) => (lock ? sendAll(nights) : false))
      : await sendAll(nights);
    if (isDone) break;
  }
  await nights.close();
}

/** Whether nothing is left to do. */
async function sendAll(nights: Nights): Promise<boolean> {
  const { userId } = useSession.getState();
  if (userId === null) return true;
  let isDone = true;
  for (const night of await nights.of(userId)) {
    const isOver = night.endedAt !== null || replica.now() - night.lastAt >= RESUMED_WITHIN_MS;
    if (isOver && night.endedAt === null) await nights.change(night.id, { endedAt: night.lastAt });
    const sent = await onceAgreed(() => sendNight(night.id, { nights, call: callServer, now: () => replica.now() }));
    // One that may still be gone on with stays; its end is for a later turn.
    if (sent.type === "later" || !isOver) isDone = false;
  }
  return isDone;
}

function sleep(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms));
}
