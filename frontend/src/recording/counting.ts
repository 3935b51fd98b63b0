// The counter in its worker, as the recorder uses it.
import type { Epoch } from "./counter";
import type { Counting } from "./ports";
import type { FromWorker, ToWorker } from "./protocol";

export function countInWorker(onEpochs: (epochs: readonly Epoch[]) => void, onBroken: () => void): Counting {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  let onLast: () => void = () => undefined;
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.epochs.length > 0) onEpochs(data.epochs);
    if (data.isLast) onLast();
  };
  worker.onerror = onBroken;
  worker.onmessageerror = onBroken;
  const tell = (message: ToWorker, moved: Transferable[] = []) => worker.postMessage(message, moved);
  return {
    start: (startAt, first) => tell({ type: "start", startAt, first }),
    add: ({ at, z }) => tell({ type: "samples", at, z }, [at.buffer, z.buffer]),
    tick: (now) => tell({ type: "tick", now }),
    finish: (now) =>
      new Promise((done) => {
        onLast = done;
        tell({ type: "finish", now });
      }),
    close: () => worker.terminate(),
  };
}
