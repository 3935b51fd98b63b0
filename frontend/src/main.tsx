// Starts the app: look, language, then the first screen.
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { keepInstallOffer } from "./app/install";
import { wantedLocale } from "./app/language";
import { settled } from "./app/settled";
import { speak } from "./i18n/words";
import { startReplica } from "./replica/replica";
import { startSession } from "./session/session";
import { recallLook } from "./ui/look";
import "./ui/tokens.css";
import "./ui/base.css";

async function start(): Promise<void> {
  keepInstallOffer();
  await Promise.all([recallLook().then((look) => speak(wantedLocale(look))), startSession()]);
  startReplica();
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  createRoot(root).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <App />
      </I18nProvider>
    </StrictMode>,
  );
  await settled(2_000);
  const { startPush } = await import("./push/startPush");
  startPush(() => i18n.locale);
}

start().catch((error: unknown) => {
  document.getElementById("failed")?.removeAttribute("hidden"); // in index.html: here there may be no words yet
  throw error;
});
