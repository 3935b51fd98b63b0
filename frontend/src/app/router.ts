// Where in the app we are: a path of the address bar, one screen each. Small on purpose: no nesting, no loaders.
import { useSyncExternalStore, type MouseEvent } from "react";

export type Route =
  | { readonly screen: "today" }
  | { readonly screen: "alarms" }
  | { readonly screen: "editor"; readonly alarmId: string | null }
  | { readonly screen: "ringing"; readonly occurrenceId: string }
  | { readonly screen: "bedside" }
  | { readonly screen: "history"; readonly occurrenceId: string | null }
  | { readonly screen: "sleep"; readonly sessionId: string | null }
  | { readonly screen: "sleep_import" }
  | { readonly screen: "devices" }
  | { readonly screen: "settings" }
  | { readonly screen: "sign_in" }
  | { readonly screen: "sign_up" }
  | { readonly screen: "not_found" };

/** The screen of a path. Ids are taken as they stand; the screen looks them up. */
export function pathToRoute(path: string): Route {
  const [first = "", second, ...rest] = path.split("/").filter(Boolean).map(decode);
  if (rest.length > 0) return { screen: "not_found" };
  switch (first) {
    case "":
      return { screen: "today" };
    case "alarms":
      if (second === undefined) return { screen: "alarms" };
      return { screen: "editor", alarmId: second === "new" ? null : second };
    case "ringing":
      return second === undefined ? { screen: "not_found" } : { screen: "ringing", occurrenceId: second };
    case "history":
      return { screen: "history", occurrenceId: second ?? null };
    case "sleep":
      return second === "import" ? { screen: "sleep_import" } : { screen: "sleep", sessionId: second ?? null };
    case "bedside":
    case "devices":
    case "settings":
      return second === undefined ? { screen: first } : { screen: "not_found" };
    case "sign-in":
      return { screen: "sign_in" };
    case "sign-up":
      return { screen: "sign_up" };
    default:
      return { screen: "not_found" };
  }
}

/** The reverse. */
export function routeToPath(route: Route): string {
  switch (route.screen) {
    case "today":
    case "not_found":
      return "/";
    case "editor":
      return withId("/alarms", route.alarmId ?? "new");
    case "ringing":
      return withId("/ringing", route.occurrenceId);
    case "history":
      return withId("/history", route.occurrenceId);
    case "sleep":
      return withId("/sleep", route.sessionId);
    case "sleep_import":
      return "/sleep/import";
    case "sign_in":
      return "/sign-in";
    case "sign_up":
      return "/sign-up";
    default:
      return `/${route.screen}`;
  }
}

function withId(path: string, id: string | null): string {
  return id === null ? path : `${path}/${encodeURIComponent(id)}`;
}

const MOVED = "smartalarm:moved";

/** Go to a path. `isReplaced` leaves no entry to come back to. */
export function navigate(path: string, isReplaced = false): void {
  if (!isReplaced) rememberScroll();
  if (isReplaced) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  dispatchEvent(new Event(MOVED));
}

/** Back to where one came from within the app, else to a path. */
export function goBack(otherwise: string): void {
  if (hasMoved) history.back();
  else navigate(otherwise, true);
}

/** The current path; the component renders again when it changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** For an <a>: moves within the app on a plain click, leaves "open in a new tab" to the browser. */
export function follow(event: MouseEvent<HTMLAnchorElement>): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  navigate(event.currentTarget.pathname + event.currentTarget.search);
}

/** Whether there is a page of the app to go back to. */
let hasMoved = false;

/** Where the page was scrolled to lies in its history entry, so that going back comes back to the same line. */
function rememberScroll(): void {
  hasMoved = true;
  history.replaceState({ scrollY }, "");
}

/** Scroll to where this entry of the history was left, else to the top; waits some frames for a screen that is loading. */
export function restoreScroll(frames = 20): void {
  const wanted = (history.state as { scrollY?: number } | null)?.scrollY ?? 0;
  const reachable = document.documentElement.scrollHeight - innerHeight;
  if (wanted <= reachable || frames === 0) scrollTo({ top: wanted, behavior: "instant" });
  else requestAnimationFrame(() => restoreScroll(frames - 1));
}

function subscribe(listener: () => void): () => void {
  addEventListener("popstate", listener);
  addEventListener(MOVED, listener);
  return () => {
    removeEventListener("popstate", listener);
    removeEventListener(MOVED, listener);
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
