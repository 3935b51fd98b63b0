// Short messages at the edge of the screen, with one thing to do about them (such as undo).
import { create } from "zustand";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface Toasts {
  readonly toasts: readonly Toast[];
}

let lastId = 0;
export const useToasts = create<Toasts>()(() => ({ toasts: [] }));

/** Show a message; at most three are shown. One without an action goes by itself, one with an action stays a while. */
export function toast(text: string, action?: Toast["action"]): number {
  lastId += 1;
  const added: Toast = action ? { id: lastId, text, action } : { id: lastId, text };
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.filter((one) => one.text !== text), added].slice(-3) }));
  return added.id;
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }));
}
