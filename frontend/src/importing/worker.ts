// The worker that reads a file, so that hundreds of megabytes do not hold up the page. One file each; then it is ended.
import type { ReadMessage, ReadRequest } from "./protocol";
import { readFile } from "./readFile";
import { FileUnreadable } from "./sleepRecords";

const tell = (message: ReadMessage) => postMessage(message);

addEventListener("message", ({ data: { file, ...options } }: MessageEvent<ReadRequest>) => {
  let told = 0;
  const onProgress = (share: number) => {
    if (share - told < 0.01) return;
    told = share;
    tell({ type: "progress", share });
  };
  readFile(file, { ...options, onProgress })
    .then((found) => tell({ type: "found", found }))
    .catch((error: unknown) => {
      const isKnown = error instanceof FileUnreadable;
      tell({ type: "fault", fault: isKnown ? error.fault : "unreadable", detail: isKnown ? error.detail : null });
    });
});
