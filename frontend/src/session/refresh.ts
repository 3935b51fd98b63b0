// Access tokens for this browser: one refresh for all its tabs and the worker, and a lost answer does no harm.
import type { Channel } from "../replica/channel";
import type { Disk } from "../replica/database";
import type { Locks } from "../replica/locks";

/** A token is not used in its last half minute: the server's clock may differ. */
const SPARE_MS = 30_000;
const ASK_MS = 150;
const TRIES = 3;
const REFRESH_TIMEOUT_MS = 10_000;

export type TokenAnswer =
  | { readonly type: "token"; readonly token: string }
  | { readonly type: "signed_out" }
  | { readonly type: "offline" }
  | { readonly type: "server" };

export interface RefreshPorts {
  readonly disk: Disk;
  readonly channel: Channel;
  readonly locks: Locks;
  readonly fetch: typeof fetch;
  readonly baseUrl: string;
  now(): number;
  random(): number;
  sleep(ms: number): Promise<void>;
}

interface Held {
  readonly token: string;
  readonly until: number;
}

/** Holds the access token in memory, and gets a new one when it is needed. */
export class Tokens {
  #held: Held | null = null;
  /** The last token that the server refused, whoever offers it again. */
  #rejected: string | null = null;
  #underway: Promise<TokenAnswer> | null = null;

  constructor(readonly ports: RefreshPorts) {
    ports.channel.listen((message, isOwn) => {
      if (message.type === "cleared") this.#held = null;
      if (message.type === "token" && !isOwn) this.#held = message;
      if (message.type === "ask_token" && !isOwn && this.#isFresh(this.#held)) {
        ports.channel.post({ type: "token", ...this.#held! });
      }
    });
  }

  /** A token that is good for a while; `rejected` is one that the server has refused. */
  get(rejected: string | null = null): Promise<TokenAnswer> {
    this.#rejected = rejected ?? this.#rejected;
    const held = this.#good();
    if (held) return Promise.resolve(held);
    this.#underway ??= this.ports.locks
      .request("smartalarm-refresh", () => this.#renew())
      .finally(() => {
        this.#underway = null;
      });
    return this.#underway;
  }

  /** Take a token from a sign-in, for this tab and the others. */
  async hold(token: string, expiresInSeconds: number): Promise<void> {
    const until = this.ports.now() + expiresInSeconds * 1000;
    await this.ports.disk.change("session", (session) => ({ ...session, tokenUntil: until }));
    if (!(await this.ports.disk.read("session"))) return; // signed out meanwhile
    this.#held = { token, until };
    this.ports.channel.post({ type: "token", token, until });
  }

  drop(): void {
    this.#held = null;
  }

  /** Under the lock. */
  async #renew(): Promise<TokenAnswer> {
    const session = await this.ports.disk.read("session");
    if (!session || session.isEnded) return { type: "signed_out" };
    if (!this.#good() && session.tokenUntil > this.ports.now() + SPARE_MS) await this.#ask();
    return this.#good() ?? (await this.#refresh());
  }

  /** Another tab may hold one; a frozen one does not answer. */
  async #ask(): Promise<void> {
    const stopAt = this.ports.now() + ASK_MS;
    this.ports.channel.post({ type: "ask_token" });
    while (!this.#good() && this.ports.now() < stopAt) await this.ports.sleep(10);
  }

  async #refresh(): Promise<TokenAnswer> {
    for (let turn = 1; ; turn++) {
      const answer = await this.#call();
      if (answer instanceof Response) {
        if (answer.status === 401 || answer.status === 204) {
          await this.ports.disk.change("session", (session) => ({ ...session, isEnded: true, tokenUntil: 0 }));
          this.ports.channel.post({ type: "session" });
          return { type: "signed_out" };
        }
        const body = answer.ok ? await readToken(answer) : null;
        if (body) {
          await this.hold(body.access_token, body.expires_in);
          return { type: "token", token: body.access_token };
        }
      }
      // The answer may be lost while the server has turned the cookie over: the old one gets the same successor for 60 s.
      if (turn >= TRIES) return { type: answer === "offline" ? "offline" : "server" };
      await this.ports.sleep(turn * 250 * (0.5 + this.ports.random()));
    }
  }

  async #call(): Promise<Response | "offline"> {
    try {
      return await this.ports.fetch(`${this.ports.baseUrl}/api/v1/auth/refresh?session=cookie`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: "{}",
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(REFRESH_TIMEOUT_MS),
      });
    } catch {
      return "offline";
    }
  }

  #good(): TokenAnswer | null {
    const held = this.#held;
    return this.#isFresh(held) && held!.token !== this.#rejected ? { type: "token", token: held!.token } : null;
  }

  #isFresh(held: Held | null): boolean {
    return held !== null && held.until > this.ports.now() + SPARE_MS;
  }
}

async function readToken(
  response: Response,
): Promise<{ readonly access_token: string; readonly expires_in: number } | null> {
  const body = (await response.json().catch(() => null)) as { access_token?: unknown; expires_in?: unknown } | null;
  if (typeof body?.access_token !== "string" || typeof body.expires_in !== "number") return null;
  return { access_token: body.access_token, expires_in: body.expires_in };
}
