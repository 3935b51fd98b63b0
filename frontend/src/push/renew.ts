// A subscription that the browser renewed goes the way of every edit, so it reaches the server whenever it can. Runs in the
// service worker as well: no DOM, no React.
import { flushOutbox } from "../replica/background";
import { context } from "../replica/context";
import { newId } from "../replica/ids";
import { writeEdits } from "../replica/writing";
import { readValue } from "./known";

export interface SubscriptionFields {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** What the server keeps of a subscription; null for one that lacks its keys. */
export function subscriptionFields(subscription: PushSubscription): SubscriptionFields | null {
  const { endpoint, keys } = subscription.toJSON();
  const p256dh = keys?.["p256dh"];
  const auth = keys?.["auth"];
  return endpoint && p256dh && auth ? { endpoint, keys: { p256dh, auth } } : null;
}

/** Says whether the server has it now; else it waits in the outbox, or nobody is signed in here. */
export async function changeSubscription(renewed: PushSubscription): Promise<boolean> {
  const known = await readValue("known");
  const fields = subscriptionFields(renewed);
  if (!known?.deviceId || fields === null) return false;
  const { disk, channel, engine } = context();
  await engine.offset.load();
  const write = {
    kind: "device",
    id: known.deviceId,
    fields: { push_subscription: { ...fields, keys: { ...fields.keys } } },
  };
  await writeEdits({ disk, now: () => engine.now(), newId }, [write]);
  channel.post({ type: "changed", topics: ["device"] });
  channel.post({ type: "written" });
  return await flushOutbox();
}
