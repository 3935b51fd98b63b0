// A front that passes everything on to a host, and can release another revision of the app: the worker's file changes.
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Server } from "./servers";

export interface Revisions {
  readonly url: string;
  /** From now on the service worker is another file, as after an update of the server. */
  release(): void;
  stop(): Promise<void>;
}

export async function startRevisions(host: Server): Promise<Revisions> {
  let revision = 1;
  const front = createServer((asked, answer) => pass(host, asked, answer, () => revision));
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    release: () => (revision += 1),
    stop: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        front.closeAllConnections();
      }),
  };
}

function pass(host: Server, asked: IncomingMessage, answer: ServerResponse, revision: () => number): void {
  const isWorker = asked.url === "/sw.js";
  const headers = { ...asked.headers };
  if (isWorker) {
    delete headers["accept-encoding"]; // as plain text, to be added to
    delete headers["if-none-match"];
  }
  const passed = request(host.url + (asked.url ?? "/"), { method: asked.method, headers }, (got) => {
    const sent = { ...got.headers };
    if (!isWorker) {
      answer.writeHead(got.statusCode ?? 502, sent);
      got.pipe(answer);
      return;
    }
    delete sent["content-length"];
    delete sent.etag;
    answer.writeHead(got.statusCode ?? 502, sent);
    answer.write(`self.revision = ${revision()};\n`);
    got.pipe(answer);
  });
  passed.on("error", () => answer.destroy());
  asked.pipe(passed);
}
