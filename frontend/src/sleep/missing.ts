// What a figure still waits for. Pure.
import type { Insight } from "./types";

export interface Missing {
  readonly kind: "nights" | "free" | "work" | "unknown";
  readonly have: number;
  readonly need: number;
}

/** Nights of any kind first: to wait for a special one makes sense only after that. */
export function missing({ nights, needs }: Insight): Missing {
  if (needs && needs.nights > 0) return { kind: "nights", have: nights, need: nights + needs.nights };
  if (needs && needs.free_nights > 0) return { kind: "free", have: nights, need: needs.free_nights };
  if (needs && needs.work_nights > 0) return { kind: "work", have: nights, need: needs.work_nights };
  return { kind: "unknown", have: nights, need: 0 };
}
