// A consent that was given on this device a moment ago must reach the server before the night does, or it is refused.
import { replica } from "../replica/replica";
import type { Sent } from "./sending";

export async function onceAgreed(send: () => Promise<Sent>): Promise<Sent> {
  if (isUnderway()) await replica.syncNow();
  return isUnderway() ? { type: "later", retryAfterMs: null } : send();
}

function isUnderway(): boolean {
  const settings = replica.all("settings");
  return settings === null || settings.some((one) => one.isPending);
}
