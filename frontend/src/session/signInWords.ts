// What the server's answers mean, in plain words at the field they are about. Never a reproach.
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { SignInProblem } from "./session";

export interface Faults {
  readonly whole?: string;
  readonly email?: string;
  readonly password?: string;
  readonly name?: string;
  readonly zone?: string;
}

const SHORTEST = 8;

export function useProblemWords() {
  const { t } = useLingui();

  /** What has to be there before it makes sense to ask the server. */
  function missing(given: { readonly email: string; readonly password: string }): Faults {
    return {
      ...(given.email.trim() === "" && { email: t`Please write your e-mail address.` }),
      ...(given.password === "" && { password: t`Please write your password.` }),
    };
  }

  function faultsOf(problem: SignInProblem, password: string): Faults {
    switch (problem.reason) {
      case "credentials":
        return { whole: t`The e-mail and the password do not match. Please check both.` };
      case "taken":
        return { email: t`There is already an account with this e-mail. You can sign in instead.` };
      case "invalid":
        return invalid(problem.fields, password);
      case "too_many":
        return { whole: tooMany(problem.retryAfterSeconds) };
      case "offline":
        return { whole: t`There is no connection to the server. Please try again when you are online.` };
      default:
        return { whole: t`The server does not answer just now. Please try again in a moment.` };
    }
  }

  function tooMany(seconds: number | null): string {
    if (seconds === null) return t`There were many tries in a short time. Please wait some minutes.`;
    const minutes = Math.max(1, Math.ceil(seconds / 60));
    return t`There were many tries in a short time. To keep your account safe, please wait ${plural(minutes, { one: "# minute", other: "# minutes" })}.`;
  }

  function invalid(fields: readonly { readonly pointer: string; readonly message: string }[], password: string): Faults {
    const faults: { -readonly [Field in keyof Faults]: Faults[Field] } = {};
    for (const { pointer, message } of fields) {
      if (pointer === "/email") faults.email = t`This does not look like an e-mail address yet.`;
      else if (pointer === "/password") faults.password = passwordFault(message, password);
      else if (pointer === "/name") faults.name = t`Some of these characters cannot be used in a name.`;
      else if (pointer === "/time_zone")
        faults.zone = t`The server does not know this time zone. Please choose another one.`;
    }
    if (Object.keys(faults).length === 0) faults.whole = t`The server could not read this. Please check what you wrote.`;
    return faults;
  }

  function passwordFault(message: string, password: string): string {
    if (Array.from(password).length < SHORTEST) return t`Please use at least 8 characters.`;
    if (message.includes("e-mail")) return t`Your e-mail address would be easy to guess. Please choose another password.`;
    if (message.includes("anybody"))
      return t`Many people use this password, so it is easy to guess. Please choose another one.`;
    return t`This password cannot be used. Please choose another one.`;
  }

  return { missing, faultsOf };
}
