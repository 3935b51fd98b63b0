// The app: which screen is shown, between the navigation and the messages.
import { lazy, Suspense, type ReactNode } from "react";
import { loadMoreWords } from "../i18n/words";
import SignInScreen from "../session/SignInScreen";
import { useSession } from "../session/session";
import TodayScreen from "../today/TodayScreen";
import { NotFound } from "./NotFound";
import { pathToRoute, usePath, type Route } from "./router";
import { Shell } from "./Shell";

const AlarmsScreen = lazy(() => import("../alarms/AlarmsScreen"));
const RingingScreen = lazy(() => import("../ringing/RingingScreen"));
const EditorScreen = lazy(withWords(() => import("../editor/EditorScreen")));
const BedsideScreen = lazy(withWords(() => import("../bedside/BedsideScreen")));
const HistoryScreen = lazy(withWords(() => import("../history/HistoryScreen")));
const DevicesScreen = lazy(withWords(() => import("../devices/DevicesScreen")));
const SettingsScreen = lazy(withWords(() => import("../settings/SettingsScreen")));

export function App() {
  const route = pathToRoute(usePath());
  const status = useSession((session) => session.status);
  if (status === "starting") return null;
  if (status === "signed_out") return <SignInScreen isNew={route.screen === "sign_up"} />;
  return (
    <Shell screen={route.screen}>
      <Suspense fallback={null}>{screenOf(route)}</Suspense>
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
    case "settings":
      return <SettingsScreen />;
    case "not_found":
      return <NotFound />;
  }
}

/** A screen beyond the daily path: its words come with its code. */
function withWords<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return async () => {
    const [module] = await Promise.all([load(), loadMoreWords()]);
    return module;
  };
}
