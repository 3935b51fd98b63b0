// "Done. Undo?" One at a time: what was done before it is settled, and three messages would cover a phone's screen.
import { dismissToast, toast, useToasts } from "../ui/toasts";

let lastId: number | null = null;

export function undoToast(text: string, undo: { readonly label: string; readonly run: () => void }): void {
  if (lastId !== null) dismissToast(lastId);
  toast(text, undo);
  lastId = useToasts.getState().toasts.at(-1)?.id ?? null;
}
