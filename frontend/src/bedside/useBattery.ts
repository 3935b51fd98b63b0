// How full the battery is, where the browser tells (Chromium).
import { useEffect, useState } from "react";

interface BatteryManager extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}

export interface Battery {
  readonly level: number;
  readonly isCharging: boolean;
}

export function useBattery(): Battery | null {
  const [battery, setBattery] = useState<Battery | null>(null);
  useEffect(() => {
    const asked = (navigator as { readonly getBattery?: () => Promise<BatteryManager> }).getBattery?.();
    let manager: BatteryManager | null = null;
    let isGone = false;
    const read = () => {
      if (manager) setBattery({ level: manager.level, isCharging: manager.charging });
    };
    asked?.then(
      (found) => {
        if (isGone) return;
        manager = found;
        found.addEventListener("levelchange", read);
        found.addEventListener("chargingchange", read);
        read();
      },
      () => undefined, // not allowed: then nothing is said about it
    );
    return () => {
      isGone = true;
      manager?.removeEventListener("levelchange", read);
      manager?.removeEventListener("chargingchange", read);
    };
  }, []);
  return battery;
}
