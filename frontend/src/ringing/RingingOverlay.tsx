// Starts the ringer beside the first screen, and shows over everything what rings. Small itself; the rest loads at once after it.
import { lazy, Suspense, useEffect } from "react";
import { settled } from "../app/settled";
import { useRinger } from "./useRinger";

/** The first picture goes first, but what rings does not wait for it. */
const SOON_MS = 300;

const loadPanel = () => import("./RingingPanel");
const RingingPanel = lazy(loadPanel);

/** Rendered once, while somebody is signed in. */
export function RingingOverlay() {
  const isShown = useRinger((ringer) => ringer.rings.length > 0);
  useEffect(() => {
    let isGone = false;
    let stop: () => void = () => undefined;
    void settled(SOON_MS)
      .then(() => Promise.all([import("./ringer"), loadPanel()]))
      .then(([ringer]) => {
        if (!isGone) stop = ringer.startRinger();
      });
    return () => {
      isGone = true;
      stop();
    };
  }, []);
  if (!isShown) return null;
  return (
    <Suspense fallback={null}>
      <RingingPanel />
    </Suspense>
  );
}
