// Has a file read in a worker of its own, which cancelling ends.
import type { ReadMessage, ReadRequest } from "./protocol";
import { FileUnreadable, type Found } from "./sleepRecords";

/** A phone that stands still for so long has run out of memory; no step takes this long by itself. */
const SILENCE_MS = 60_000;

/** Rejects with FileUnreadable; when it is cancelled, with an AbortError. */
export function readInWorker(
  request: ReadRequest,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Found> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    const fail = (error: Error) => settle(() => reject(error));
    let timer = setTimeout(() => fail(new FileUnreadable("unreadable")), SILENCE_MS);
    const settle = (then: () => void) => {
      clearTimeout(timer);
      worker.terminate();
      then();
    };
    signal.addEventListener("abort", () => fail(new DOMException("Cancelled", "AbortError")), { once: true });
    worker.onerror = () => fail(new FileUnreadable("unreadable"));
    worker.onmessageerror = () => fail(new FileUnreadable("unreadable"));
    worker.onmessage = ({ data }: MessageEvent<ReadMessage>) => {
      if (data.type === "found") settle(() => resolve(data.found));
      else if (data.type === "fault") fail(new FileUnreadable(data.fault, data.detail));
      else {
        clearTimeout(timer);
        timer = setTimeout(() => fail(new FileUnreadable("unreadable")), SILENCE_MS);
        onProgress(data.share);
      }
    };
    worker.postMessage(request);
  });
}
