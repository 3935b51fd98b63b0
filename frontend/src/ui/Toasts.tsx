// Shows the messages. The region is always there, so that screen readers tell what comes into it.
import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { Button } from "./Button";
import { CloseIcon } from "./icons";
import { dismissToast, useToasts, type Toast } from "./toasts";
import styles from "./Toasts.module.css";

/** Nobody is hurried: what can be undone stays long, and stays while the pointer or the focus is on it. */
const PLAIN_MS = 8_000;
const WITH_ACTION_MS = 30_000;

export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className={styles["toasts"]} role="status" aria-live="polite">
      {toasts.map((one) => (
        <ShownToast key={one.id} {...one} />
      ))}
    </div>
  );
}

function ShownToast({ id, text, action }: Toast) {
  const { t } = useLingui();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stay = () => clearTimeout(timer.current);
  const go = () => {
    stay();
    timer.current = setTimeout(() => dismissToast(id), action ? WITH_ACTION_MS : PLAIN_MS);
  };
  useEffect(() => {
    go();
    return stay;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the time runs from when it was shown
  }, []);
  return (
    // The listeners only hold the clock; what can be pressed are the buttons within.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={styles["toast"]} onPointerEnter={stay} onPointerLeave={go} onFocus={stay} onBlur={go}>
      <span className={styles["text"]}>{text}</span>
      {action ? (
        <Button
          look="quiet"
          onClick={() => {
            dismissToast(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      ) : null}
      <Button look="quiet" aria-label={t`Close the message`} onClick={() => dismissToast(id)}>
        <CloseIcon />
      </Button>
    </div>
  );
}
