// The worker that counts a night, so that filtering never holds up the page. Samples are dropped as soon as they are counted.
import { EpochCounter } from "./counter";
import type { FromWorker, ToWorker } from "./protocol";

let counter: EpochCounter | null = null;

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === "start") counter = new EpochCounter(data.startAt, data.first);
  if (data.type === "samples") counter?.add(data.at, data.z);
  if (data.type === "tick") tell(counter?.take(data.now) ?? [], false);
  if (data.type === "finish") {
    tell(counter?.finish(data.now) ?? [], true);
    counter = null;
  }
});

function tell(epochs: FromWorker["epochs"], isLast: boolean): void {
  if (isLast || epochs.length > 0) postMessage({ epochs, isLast } satisfies FromWorker);
}
