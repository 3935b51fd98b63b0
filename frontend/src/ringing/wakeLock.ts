// Keeps the screen on. The system takes the lock away when the page is hidden; it is asked for again when it is seen.

export function keepAwake(onChange: (isHeld: boolean) => void = () => undefined): () => void {
  const wakeLock = (navigator as { readonly wakeLock?: WakeLock }).wakeLock;
  let held: WakeLockSentinel | null = null;
  let isWanted = true;

  async function acquire(): Promise<void> {
    if (!wakeLock || held || document.hidden) return;
    try {
      const lock = await wakeLock.request("screen");
      if (!isWanted) {
        await lock.release();
        return;
      }
      held = lock;
      onChange(true);
      lock.addEventListener("release", () => {
        held = null;
        onChange(false);
      });
    } catch {
      onChange(false); // a low battery, or the person's setting
    }
  }
  const seen = () => void acquire();
  document.addEventListener("visibilitychange", seen);
  void acquire();
  return () => {
    isWanted = false;
    document.removeEventListener("visibilitychange", seen);
    void held?.release();
  };
}
