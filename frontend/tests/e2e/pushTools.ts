// Push without a vendor's service: the browser's subscribe is stubbed with a subscription of the loopback push service,
// and what that decrypts is handed to the service worker by the browser's own tools.
import type { BrowserContext, CDPSession, Page, Worker } from "@playwright/test";
import { installed } from "./fixtures";
import type { Server } from "./servers";

export interface Subscription {
  readonly id: string;
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

interface Delivered {
  readonly text: string | null;
  readonly error: string | null;
}

export async function subscribeAt(pushService: Server, applicationServerKey: string | null = null): Promise<Subscription> {
  const answer = await fetch(`${pushService.url}/subscriptions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ application_server_key: applicationServerKey }),
  });
  return (await answer.json()) as Subscription;
}

/** The decrypted texts that came so far, as soon as there is one. In an evening one may be the app's own test. */
export async function messagesAt(pushService: Server, subscription: Subscription): Promise<readonly string[]> {
  const answer = await fetch(`${pushService.url}/subscriptions/${subscription.id}/messages?wait=10`);
  const messages = (await answer.json()) as readonly Delivered[];
  return messages.map(({ text, error }) => {
    if (text === null) throw new Error(`it could not be decrypted: ${error ?? "nobody knows why"}`);
    return text;
  });
}

/** The first of a type. */
export async function messageAt(pushService: Server, subscription: Subscription, type: "ring" | "test"): Promise<string> {
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    const texts = await messagesAt(pushService, subscription);
    const found = texts.find((text) => (JSON.parse(text) as { type: string }).type === type);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no ${type} came`);
}

/**
 * Where push is asked for, pages of this context get this subscription, and the person says yes when they are asked. Before
 * the first page is opened.
 */
export async function stubSubscribe(context: BrowserContext, subscription: Subscription): Promise<void> {
  await context.grantPermissions(["notifications"]); // the worker's; pages see it once they have asked
  await context.addInitScript(({ endpoint, keys }) => {
    const bytes = (text: string) =>
      Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0)).buffer;
    const kept = "test-subscribed";
    const allowed = "test-allowed";
    Object.defineProperty(Notification, "permission", {
      get: () => (sessionStorage.getItem(allowed) ? "granted" : "default"),
    });
    Notification.requestPermission = () => {
      sessionStorage.setItem(allowed, "yes");
      return Promise.resolve("granted");
    };
    const made = () => ({
      endpoint,
      expirationTime: null,
      getKey: (name: "p256dh" | "auth") => bytes(keys[name]),
      toJSON: () => ({ endpoint, expirationTime: null, keys }),
      unsubscribe: () => {
        sessionStorage.removeItem(kept);
        return Promise.resolve(true);
      },
      options: { userVisibleOnly: true, applicationServerKey: null },
    });
    PushManager.prototype.subscribe = () => {
      sessionStorage.setItem(kept, "yes");
      return Promise.resolve(made() as unknown as PushSubscription);
    };
    PushManager.prototype.getSubscription = () =>
      Promise.resolve(sessionStorage.getItem(kept) ? (made() as unknown as PushSubscription) : null);
  }, subscription);
}

/** The active service worker of a context. */
export async function activeWorker(context: BrowserContext): Promise<Worker> {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  await worker.evaluate(async () => {
    const scope = self as unknown as { readonly registration: ServiceWorkerRegistration };
    while (scope.registration.active?.state !== "activated") await new Promise((resolve) => setTimeout(resolve, 20));
  });
  return worker;
}

/** Delivers pushes to the worker of one origin. */
export class PushDelivery {
  private constructor(
    private readonly session: CDPSession,
    private readonly origin: string,
    private readonly registrationId: string,
  ) {}

  static async of(page: Page): Promise<PushDelivery> {
    await installed(page); // what comes before the worker runs is lost
    const session = await page.context().newCDPSession(page);
    const origin = new URL(page.url()).origin;
    const found = new Promise<string>((resolve) => {
      session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
        const own = registrations.find((one) => one.scopeURL.startsWith(origin) && !one.isDeleted);
        if (own) resolve(own.registrationId);
      });
    });
    await session.send("ServiceWorker.enable");
    return new PushDelivery(session, origin, await found);
  }

  async deliver(data: string): Promise<void> {
    const { origin, registrationId } = this;
    await this.session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
  }
}

export interface ShownNotification {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly actions: readonly string[];
}

/** What is shown now, as the person would see it. */
export async function shownNotifications(worker: Worker): Promise<readonly ShownNotification[]> {
  return await worker.evaluate(async () => {
    const scope = self as unknown as { readonly registration: ServiceWorkerRegistration };
    const shown = await scope.registration.getNotifications();
    return shown.map((one) => ({
      title: one.title,
      body: one.body,
      tag: one.tag,
      actions: ((one as unknown as { actions?: { action: string }[] }).actions ?? []).map((two) => two.action),
    }));
  });
}

/** Press a notification, or one of its actions, and wait until the worker is done with it. */
export async function pressNotification(worker: Worker, tag: string, action = ""): Promise<void> {
  await worker.evaluate(
    async ({ tag, action }) => {
      const scope = self as unknown as { readonly registration: ServiceWorkerRegistration };
      const [notification] = await scope.registration.getNotifications({ tag });
      if (!notification) throw new Error(`no notification ${tag} is shown`);
      const Made = Reflect.get(self, "NotificationEvent") as new (
        type: string,
        init: { readonly notification: Notification; readonly action: string },
      ) => Event;
      const event = new Made("notificationclick", { notification, action });
      self.dispatchEvent(event);
    },
    { tag, action },
  );
}
