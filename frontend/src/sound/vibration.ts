// Shakes the device while it rings, where it can.

const PATTERN_MS = [600, 300, 600, 1_000];
const ROUND_MS = PATTERN_MS.reduce((sum, ms) => sum + ms, 0);

/** Vibrate until the returned function is called. Does nothing on a device that cannot. */
export function vibrate(): () => void {
  if (!("vibrate" in navigator)) return () => undefined;
  const shake = () => {
    if (mayShake()) navigator.vibrate(PATTERN_MS);
  };
  shake();
  const rounds = setInterval(shake, ROUND_MS);
  return () => {
    clearInterval(rounds);
    if (mayShake()) navigator.vibrate(0);
  };
}

/** Chromium refuses, with a warning, before the page was touched. */
function mayShake(): boolean {
  return (navigator as { readonly userActivation?: UserActivation }).userActivation?.hasBeenActive ?? true;
}
