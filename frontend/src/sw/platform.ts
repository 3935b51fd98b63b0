// What browsers have and TypeScript's worker library does not describe: notification actions, background sync.

export interface RichNotificationOptions extends NotificationOptions {
  readonly actions?: readonly { readonly action: string; readonly title: string }[];
  readonly renotify?: boolean;
  readonly timestamp?: number;
  readonly vibrate?: readonly number[];
  readonly data?: NotificationData;
}

/** What a shown notification remembers of itself. */
export interface NotificationData {
  readonly type: "ring" | "stop" | "missed" | "test" | "readiness" | "unclear";
  readonly occurrenceId: string | null;
  readonly path: string;
  readonly ringCount: number;
  readonly rung: number;
  readonly answer: { readonly url: string; readonly token: string } | null;
  readonly label: string;
  readonly local: string | null;
  readonly snoozeMinutes: number;
  /** Epoch milliseconds until which it is worth answering. */
  readonly ringsUntil: number;
}

/** How many actions a notification may carry here; 0 where there are none. */
export function maxActions(): number {
  const most: unknown = typeof Notification === "undefined" ? 0 : Reflect.get(Notification, "maxActions");
  return typeof most === "number" ? most : 0;
}
