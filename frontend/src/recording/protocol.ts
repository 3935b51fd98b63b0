// What the page and the worker that counts say to each other. Samples go there and stay there; only counts come back.
import type { Epoch } from "./counter";

export type ToWorker =
  | { readonly type: "start"; readonly startAt: number; readonly first: number }
  /** When each was taken (epoch ms), and the z axis in g. */
  | { readonly type: "samples"; readonly at: Float64Array; readonly z: Float32Array }
  /** So much time has passed, whether samples came or not. */
  | { readonly type: "tick"; readonly now: number }
  | { readonly type: "finish"; readonly now: number };

export interface FromWorker {
  readonly epochs: readonly Epoch[];
  /** The answer to "finish". */
  readonly isLast: boolean;
}
