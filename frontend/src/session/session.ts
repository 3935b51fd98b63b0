// Who is signed in here. The access token lives in memory alone, the refresh token in the HttpOnly cookie. The code of
// signing in and out comes when it is needed.
import { context } from "../replica/context";
import { ownDeviceId } from "../push/known";
import { readSession, SIGNED_OUT, useSession, type Session } from "./store";

export { useSession, type Session };

/** This browser's id as a device of the person who is signed in; its clocks carry the same. Kept until sign-out. */
export { ownDeviceId };

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
  context().channel.listen((message) => {
    if (message.type === "cleared") useSession.setState(SIGNED_OUT);
    if (message.type === "session") void readSession();
  });
  await readSession();
}

export async function signIn(
  credentials: Credentials,
  options: { readonly isReplacing?: boolean } = {},
): Promise<SignInAnswer> {
  const { enter } = await import("./entering");
  return enter("/api/v1/auth/login", { ...credentials }, options.isReplacing ?? false);
}

export async function signUp(account: NewAccount, options: { readonly isReplacing?: boolean } = {}): Promise<SignInAnswer> {
  const { enter } = await import("./entering");
  return enter("/api/v1/auth/register", { ...account }, options.isReplacing ?? false);
}

/**
 * Sign out and forget everything on this device. With edits that are not sent yet nothing happens but the answer
 * `{unsent}`, unless it is forced; `{unsent: 0}` says that it is done.
 */
export async function signOut(options: { readonly force?: boolean } = {}): Promise<{ readonly unsent: number }> {
  const { leave } = await import("./leaving");
  return { unsent: await leave(options.force ?? false) };
}
