// Tells the server a subscription that the browser renewed. Runs in the service worker as well: no DOM, no React.

/** Says whether the server has it now; without a session nobody can tell it, and the next open page does. */
export function changeSubscription(renewed: PushSubscription): Promise<boolean> {
  return Promise.resolve(renewed.endpoint === "");
}
