// A native modal dialog: the browser keeps the focus in it, Escape closes it.
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import styles from "./Dialog.module.css";

interface Props {
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** Called for Escape, a press outside and anything in it that closes it. */
  readonly onClose: () => void;
}

/** Open while it is rendered. */
export function Dialog({ title, children, onClose }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close(); // still in the page: so the browser gives the focus back to what opened it
  }, []);
  return (
    <dialog
      ref={element}
      className={styles["dialog"]}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className={styles["content"]}>
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

/** The answers at the end of a dialog; the one that goes on comes last. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className={styles["actions"]}>{children}</div>;
}
