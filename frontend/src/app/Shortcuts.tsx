// Single keys for those who have a keyboard; never while somebody types, and never over a ring or a dialog.
import { Trans } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { isRinging } from "../ringing/useRinger";
import { Button } from "../ui/Button";
import { Dialog, DialogActions } from "../ui/Dialog";
import { navigate } from "./router";
import { keyToShortcut, type Pressed } from "./shortcutKeys";
import { ShortcutList } from "./ShortcutList";
import { recallShortcutSwitch, useShortcutSwitch } from "./shortcutSwitch";

export function Shortcuts() {
  const isOn = useShortcutSwitch((state) => state.isOn);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const before = useRef<Pressed | null>(null);
  useEffect(() => void recallShortcutSwitch(), []);
  useEffect(() => {
    if (!isOn) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (isForTyping(event.target) || isRinging() || document.querySelector("dialog[open]")) return;
      const now = { key: event.key, at: event.timeStamp };
      const shortcut = keyToShortcut(now, before.current);
      before.current = now;
      if (!shortcut) return;
      event.preventDefault();
      before.current = null;
      if (shortcut.type === "go") navigate(shortcut.path);
      if (shortcut.type === "help") setHelpOpen(true);
      if (shortcut.type === "search") {
        navigate("/alarms");
        focusSearch();
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [isOn]);
  if (!isHelpOpen) return null;
  return (
    <Dialog title={<Trans>Keyboard shortcuts</Trans>} onClose={() => setHelpOpen(false)}>
      <ShortcutList />
      <p>
        <Trans>You can switch them off in Settings.</Trans>
      </p>
      <DialogActions>
        <Button look="primary" onClick={() => setHelpOpen(false)}>
          <Trans>Close</Trans>
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function isForTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input:not([type=checkbox], [type=radio], [type=button]), textarea, select") !== null)
  );
}

/** The list may still be loading: look for its search field for a second. */
function focusSearch(frames = 60): void {
  const field = document.querySelector<HTMLElement>('#main input[type="search"]');
  if (field) field.focus();
  else if (frames > 0) requestAnimationFrame(() => focusSearch(frames - 1));
}
