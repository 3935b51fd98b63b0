// When the first picture is there: what can wait until then takes nothing away from it.

/** Resolves when the browser has a moment, `atMostMs` from now at the latest. */
export function settled(atMostMs: number): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => resolve(), { timeout: atMostMs });
    else setTimeout(resolve, Math.min(atMostMs, 300)); // Safari
  });
}
