// Signing up, in and out. The access token lives in memory alone, the refresh token in the HttpOnly cookie.
import type { components } from "../api/schema";
import { context } from "../replica/context";
import { forgetAll, ownDeviceId } from "../push/known";
import { newId } from "../replica/ids";
import { leave } from "./leaving";
import { useSession, type Session } from "./store";

export { useSession, type Session };

/** This browser's id as a device of the person who is signed in; its clocks carry the same. Kept until sign-out. */
export { ownDeviceId };

type SignedIn = components["schemas"]["SignedInView"];

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface NewAccount extends Credentials {
  /** Absent: the e-mail address up to the @. */
  readonly name?: string;
  readonly time_zone: string;
  readonly locale: string;
}

/** Why signing in did not work. */
export type SignInProblem =
  /** E-mail address and password do not fit together. */
  | { readonly reason: "credentials" }
  /** Signing up: the address has an account. */
  | { readonly reason: "taken" }
  | { readonly reason: "invalid"; readonly fields: readonly { readonly pointer: string; readonly message: string }[] }
  | { readonly reason: "too_many"; readonly retryAfterSeconds: number | null }
  | { readonly reason: "offline" | "server" }
  /** Somebody else's data lie on this device, `unsent` edits among them. `isReplacing` clears them and goes on. */
  | { readonly reason: "other_user"; readonly email: string; readonly unsent: number };

export type SignInAnswer = { readonly ok: true } | ({ readonly ok: false } & SignInProblem);

/** A valid access token, refreshed when needed; null when signed out or without a connection. */
export async function accessToken(rejected: string | null = null): Promise<string | null> {
  const answer = await context().tokens.get(rejected);
  return answer.type === "token" ? answer.token : null;
}

/** Called once by the app: who is signed in, from the disk alone. Other tabs' sign-ins and sign-outs are followed. */
export async function startSession(): Promise<void> {
  context().channel.listen((message, isOwn) => {
    if (message.type === "cleared" && !isOwn) useSession.setState(SIGNED_OUT);
    if (message.type === "session") void readSession();
  });
  await readSession();
}

export function signIn(credentials: Credentials, options: { readonly isReplacing?: boolean } = {}): Promise<SignInAnswer> {
  return enter("/api/v1/auth/login", { ...credentials }, options.isReplacing ?? false);
}

export function signUp(account: NewAccount, options: { readonly isReplacing?: boolean } = {}): Promise<SignInAnswer> {
  return enter("/api/v1/auth/register", { ...account }, options.isReplacing ?? false);
}

/**
 * Sign out and forget everything on this device. With edits that are not sent yet nothing happens but the answer
 * `{unsent}`, unless it is forced; `{unsent: 0}` says that it is done.
 */
export async function signOut(options: { readonly force?: boolean } = {}): Promise<{ readonly unsent: number }> {
  const { disk, tokens, engine, channel } = context();
  if (!options.force) {
    if (await countUnsent()) await atMost(LAST_TRY_MS, engine.flushOutbox());
    const unsent = await countUnsent();
    if (unsent) return { unsent };
  }
  const token = await accessToken();
  await leave({ token, deviceId: await knownDeviceId() });
  tokens.drop();
  await forgetAll().catch(() => undefined);
  await disk.clear();
  channel.post({ type: "cleared" });
  useSession.setState(SIGNED_OUT);
  return { unsent: 0 };
}

/** How long signing out waits for the last edits to be sent. */
const LAST_TRY_MS = 5_000;

function atMost(ms: number, work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work, new Promise((late) => setTimeout(late, ms))]);
}

const SIGNED_OUT: Session = { status: "signed_out", userId: null, email: null, isEnded: false };

async function readSession(): Promise<void> {
  const known = await context()
    .disk.read("session")
    .catch(() => undefined); // without a disk nothing is kept: sign in each time
  if (known) {
    useSession.setState({ status: "signed_in", userId: known.userId, email: known.email, isEnded: known.isEnded });
  } else {
    useSession.setState(SIGNED_OUT);
  }
}

/** Null when the server does not know this browser as a device: nothing is to be deleted there. */
async function knownDeviceId(): Promise<string | null> {
  const { disk } = context();
  const id = await disk.read("client_id");
  const known = id === undefined ? undefined : await (await disk.db()).get("base", ["device", id]);
  return known && !known.deleted ? known.id : null;
}

async function countUnsent(): Promise<number> {
  return (await context().disk.db()).count("outbox");
}

async function enter(
  path: "/api/v1/auth/login" | "/api/v1/auth/register",
  body: Record<string, unknown> & { readonly email: string },
  isReplacing: boolean,
): Promise<SignInAnswer> {
  const { disk, channel } = context();
  const before = await disk.read("session");
  const isOther = before !== undefined && before.email.toLowerCase() !== body.email.trim().toLowerCase();
  if (isOther && !isReplacing) {
    return { ok: false, reason: "other_user", email: before.email, unsent: await countUnsent() };
  }
  let response: Response;
  try {
    response = await fetch(`${location.origin}${path}?session=cookie`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    return { ok: false, reason: "offline" };
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) return problemOf(response, answer);
  const { user, access_token: token, expires_in: seconds } = answer as SignedIn;
  // By the id, not by the address: an account may have been erased and made again.
  if (before && before.userId !== user.id) {
    await forgetAll().catch(() => undefined);
    await disk.clear();
    channel.post({ type: "cleared" });
  }
  // What this device answers while offline is told from the clock of the answer, so both have one name.
  await disk.put("client_id", await ownDeviceId(newId).catch(() => newId()));
  await disk.put("session", { userId: user.id, email: user.email, isEnded: false, tokenUntil: 0 });
  await context().tokens.hold(token, seconds);
  channel.post({ type: "session" });
  await readSession();
  return { ok: true };
}

function problemOf(response: Response, body: unknown): SignInAnswer {
  const retryAfter = response.headers.get("Retry-After");
  switch (response.status) {
    case 401:
      return { ok: false, reason: "credentials" };
    case 409:
      return { ok: false, reason: "taken" };
    case 400:
    case 422:
      return { ok: false, reason: "invalid", fields: fieldsOf(body) };
    case 429:
      return { ok: false, reason: "too_many", retryAfterSeconds: retryAfter ? Number(retryAfter) || null : null };
    default:
      return { ok: false, reason: "server" };
  }
}

function fieldsOf(body: unknown): readonly { readonly pointer: string; readonly message: string }[] {
  const errors = (body as { readonly errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((one: { readonly pointer?: unknown; readonly message?: unknown; readonly detail?: unknown }) => {
    const message = one.message ?? one.detail;
    return typeof one.pointer === "string" && typeof message === "string" ? [{ pointer: one.pointer, message }] : [];
  });
}
