// Signing in and up: the call, what can be wrong with it, and what this browser forgets when somebody else comes.
import type { components } from "../api/schema";
import { ownDeviceId } from "../push/known";
import { context } from "../replica/context";
import { newId } from "../replica/ids";
import { forgetPerson, stopPushes } from "./leaving";
import type { SignInAnswer } from "./session";
import { readSession } from "./store";

type SignedIn = components["schemas"]["SignedInView"];

const ENTER_TIMEOUT_MS = 20_000;

export async function enter(
  path: "/api/v1/auth/login" | "/api/v1/auth/register",
  body: Record<string, unknown> & { readonly email: string },
  isReplacing: boolean,
): Promise<SignInAnswer> {
  const { disk, channel, tokens } = context();
  const before = await disk.read("session");
  const isOther = before !== undefined && before.email.toLowerCase() !== body.email.trim().toLowerCase();
  if (isOther && !isReplacing) {
    return { ok: false, reason: "other_user", email: before.email, unsent: await (await disk.db()).count("outbox") };
  }
  let response: Response;
  try {
    response = await fetch(`${location.origin}${path}?session=cookie`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(ENTER_TIMEOUT_MS),
    });
  } catch {
    return { ok: false, reason: "offline" };
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) return problemOf(response, answer);
  const { user, access_token: token, expires_in: seconds } = answer as SignedIn;
  // By the id, not by the address: an account may have been erased and made again.
  if (before && before.userId !== user.id) {
    await stopPushes(); // or the other's alarms would go on ringing here
    await forgetPerson();
  }
  // What this device answers while offline is told from the clock of the answer, so both have one name.
  await disk.put("client_id", await ownDeviceId(newId).catch(() => newId()));
  await disk.put("session", { userId: user.id, email: user.email, isEnded: false, tokenUntil: 0 });
  await tokens.hold(token, seconds);
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
