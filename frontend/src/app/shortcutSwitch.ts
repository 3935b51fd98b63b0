// Whether this device listens to single keys: for speech input and shaky hands they can be switched off (WCAG 2.1.4).
import { create } from "zustand";
import { keep, recall } from "../ui/deviceStore";

export const useShortcutSwitch = create<{ readonly isOn: boolean }>()(() => ({ isOn: true }));

export async function recallShortcutSwitch(): Promise<void> {
  useShortcutSwitch.setState({ isOn: (await recall<boolean>("shortcuts")) ?? true });
}

export function switchShortcuts(isOn: boolean): void {
  useShortcutSwitch.setState({ isOn });
  void keep("shortcuts", isOn);
}
