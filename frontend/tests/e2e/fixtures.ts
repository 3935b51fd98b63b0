// What every end-to-end test starts from: servers of its worker's own, people to be, and a page that must not misbehave.
import { test as base, type BrowserContext, type Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { startHost, startPushService, type Server } from "./servers";

export { expect } from "@playwright/test";

export interface Person {
  readonly email: string;
  readonly password: string;
}

interface Worker {
  /** A push service on loopback; the host may post to it. */
  readonly pushService: Server;
  /** Smart Alarm with the built app, shared by the tests of one worker. Each test signs up people of its own. */
  readonly host: Server;
}

interface Fixtures {
  /** Someone nobody has seen before. */
  readonly person: Person;
  /** The page, signed up as `person`, on Today. */
  readonly app: Page;
  /** Every page of the context is watched: a violated content security policy or an uncaught error fails the test. */
  readonly watched: undefined;
}

export const test = base.extend<Fixtures, Worker>({
  pushService: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
    async ({}, use) => {
      const server = await startPushService();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  host: [
    async ({ pushService }, use) => {
      const server = await startHost({ PUSH_ALLOWED_HOSTS: pushService.host });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ host }, use) => {
    await use(host.url);
  },
  watched: [
    async ({ context }, use) => {
      const faults = watch(context);
      await use(undefined);
      if (faults.length > 0) throw new Error(`The page misbehaved:\n${faults.join("\n")}`);
    },
    { auto: true },
  ],
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
  person: async ({}, use) => {
    await use(newPerson());
  },
  app: async ({ page, person }, use) => {
    await signUp(page, person);
    await use(page);
  },
});

export function newPerson(): Person {
  return { email: `${randomUUID()}@example.org`, password: "correct horse battery staple" };
}

/** Make an account by the screen, as a person does, and wait for Today. */
export async function signUp(page: Page, person: Person): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel(/e-?mail/i).fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.locator('main button[type="submit"]').click();
  await page.getByRole("navigation").first().waitFor();
}

/** Sign in by the screen, on another device say. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel(/e-?mail/i).fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.locator('main button[type="submit"]').click();
  await page.getByRole("navigation").first().waitFor();
}

/** Wait until the service worker runs: from then on the page and all its screens open without a connection. */
export async function installed(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

/** Calls the API as a person, from outside the browser: another device, or somebody's script. */
export class ApiClient {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async of(host: Server, person: Person): Promise<ApiClient> {
    const answer = await post(`${host.url}/api/v1/auth/login`, person);
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return new ApiClient(host.url, token);
  }

  async call<Answer = unknown>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as Answer;
  }
}

function watch(context: BrowserContext): string[] {
  const faults: string[] = [];
  context.on("weberror", (error) => faults.push(`uncaught: ${error.error().stack ?? error.error().message}`));
  context.on("console", (message) => {
    if (/content security policy/i.test(message.text())) faults.push(`csp: ${message.text()}`);
  });
  return faults;
}

async function post(url: string, body: unknown): Promise<Response> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  if (!answer.ok) throw new Error(`POST ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
