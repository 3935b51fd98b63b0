// The movement sensor of this device: whether it may be read, and its samples in batches.

/** Safari asks first, and only from a press. */
interface Asking {
  readonly requestPermission?: () => Promise<"granted" | "denied">;
}

export type MotionLeave = "unsupported" | "to_ask" | "granted";

export interface Batch {
  /** When each sample was taken, epoch milliseconds. */
  readonly at: Float64Array;
  /** The z axis, out of the screen, in g. */
  readonly z: Float32Array;
}

const G = 9.80665;
const BATCH_MS = 1_000;
/** A device that sends thousands a second would only fill its memory. */
const MOST_IN_BATCH = 1_000;
/** A clock that was set, or a page that slept, moves where the events' own clock begins; less than this is jitter. */
const MOVED_MS = 500;

export function motionLeave(): MotionLeave {
  if (typeof DeviceMotionEvent === "undefined") return "unsupported";
  return (DeviceMotionEvent as Asking).requestPermission ? "to_ask" : "granted";
}

/** Call it from a press. */
export async function askForMotion(): Promise<"granted" | "denied"> {
  const ask = (DeviceMotionEvent as Asking).requestPermission;
  if (!ask) return "granted";
  return ask.call(DeviceMotionEvent).catch(() => "denied" as const);
}

/** Hands on samples about once a second until the returned function is called. `now`: epoch milliseconds, by the server's clock. */
export function listenToMotion(now: () => number, onBatch: (batch: Batch) => void): () => void {
  let at: number[] = [];
  let z: number[] = [];
  let origin = now() - performance.now();
  const feel = (event: DeviceMotionEvent) => {
    // On Apple's devices all axes point the other way. A count is of how much something moves, so that makes no difference.
    const felt = event.accelerationIncludingGravity?.z;
    if (felt == null) return;
    const measured = now() - performance.now();
    if (Math.abs(measured - origin) > MOVED_MS) origin = measured;
    at.push(event.timeStamp + origin);
    z.push(felt / G);
    if (event.timeStamp + origin - at[0]! < BATCH_MS && at.length < MOST_IN_BATCH) return;
    onBatch({ at: Float64Array.from(at), z: Float32Array.from(z) });
    at = [];
    z = [];
  };
  addEventListener("devicemotion", feel);
  return () => removeEventListener("devicemotion", feel);
}
