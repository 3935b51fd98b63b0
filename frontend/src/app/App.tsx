// The app: which screen is shown, between the navigation and the messages.
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import type { Part } from "../i18n/loads";
import { loadWords } from "../i18n/words";
import { useSyncState } from "../replica/hooks";
import { RingingOverlay } from "../ringing/RingingOverlay";
import { useSession } from "../session/session";
import TodayScreen from "../today/TodayScreen";
import { Progress } from "../ui/Progress";
import { Toasts } from "../ui/Toasts";
import { ErrorBoundary } from "./ErrorBoundary";
import { LookKeeper } from "./LookKeeper";
import { NotFound } from "./NotFound";
import { pathToRoute, restoreScroll, usePath, type Route } from "./router";
import { settled } from "./settled";
import { Shell } from "./Shell";

const Extras = lazy(() => settled(2_000).then(() => import("./Extras")));
const SignInScreen = lazy(withWords(() => import("../session/SignInScreen"), "door"));
const AlarmsScreen = lazy(() => import("../alarms/AlarmsScreen"));
const RingingScreen = lazy(() => import("../ringing/RingingScreen"));
const EditorScreen = lazy(withWords(() => import("../editor/EditorScreen")));
const BedsideScreen = lazy(withWords(() => import("../bedside/BedsideScreen")));
const HistoryScreen = lazy(withWords(() => import("../history/HistoryScreen")));
const DevicesScreen = lazy(withWords(() => import("../devices/DevicesScreen")));
const SleepScreen = lazy(withWords(() => import("../sleep/SleepScreen"), "nights"));
const ImportScreen = lazy(withWords(() => import("../importing/ImportScreen"), "nights"));
const SettingsScreen = lazy(withWords(() => import("../settings/SettingsScreen")));

export function App() {
  const isSignedIn = useSession((session) => session.status === "signed_in");
  return (
    <>
      <ErrorBoundary>
        <LookKeeper />
        <Screens />
        <Toasts />
      </ErrorBoundary>
      {isSignedIn ? (
        <>
          {/* Beside the screens, not in them: one that breaks does not silence a ring. */}
          <RingingOverlay />
          <Suspense fallback={null}>
            <Extras />
          </Suspense>
        </>
      ) : null}
    </>
  );
}

function Screens() {
  const path = usePath();
  const route = pathToRoute(path);
  const status = useSession((session) => session.status);
  const hasToSignInAgain = useSyncState().trouble === "signed_out" && route.screen === "sign_in";
  useEffect(() => {
    history.scrollRestoration = "manual";
  }, []);
  useEffect(() => restoreScroll(), [path]);
  if (status === "starting") return null;
  if (status === "signed_out" || hasToSignInAgain) {
    return (
      <Suspense fallback={<Progress />}>
        <SignInScreen isNew={route.screen === "sign_up"} />
      </Suspense>
    );
  }
  return (
    <Shell screen={route.screen}>
      <ErrorBoundary path={path}>
        <Suspense fallback={<Progress />}>{screenOf(route)}</Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

function screenOf(route: Route): ReactNode {
  switch (route.screen) {
    case "today":
    case "sign_in":
    case "sign_up":
      return <TodayScreen />;
    case "alarms":
      return <AlarmsScreen />;
    case "editor":
      return <EditorScreen key={route.alarmId} alarmId={route.alarmId} />;
    case "ringing":
      return <RingingScreen key={route.occurrenceId} occurrenceId={route.occurrenceId} />;
    case "bedside":
      return <BedsideScreen />;
    case "history":
      return <HistoryScreen occurrenceId={route.occurrenceId} />;
    case "devices":
      return <DevicesScreen />;
    case "sleep":
      return <SleepScreen sessionId={route.sessionId} />;
    case "sleep_import":
      return <ImportScreen />;
    case "settings":
      return <SettingsScreen />;
    case "not_found":
      return <NotFound />;
  }
}

/** A screen beyond the daily path: its words come with its code. */
function withWords<Module>(load: () => Promise<Module>, part: Exclude<Part, "daily"> = "more"): () => Promise<Module> {
  return async () => {
    const [module] = await Promise.all([load(), loadWords(part)]);
    return module;
  };
}
