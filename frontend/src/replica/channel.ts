// What tabs and the service worker of one browser tell each other. A message reaches all others and the sender itself.
import type { Topic } from "./topics";

export type ChannelMessage =
  | { readonly type: "changed"; readonly topics: readonly Topic[] }
  | { readonly type: "written" } // there is something to send
  | { readonly type: "pull" } // a push message came: fetch what is new
  | { readonly type: "cleared" }
  | { readonly type: "session" } // the record of the session changed
  | { readonly type: "ask_token" }
  | { readonly type: "token"; readonly token: string; readonly until: number };

export type Heard = (message: ChannelMessage, isOwn: boolean) => void;

export class Channel {
  readonly #listeners = new Set<Heard>();
  #wire: BroadcastChannel | null = null;

  constructor(readonly name = "smartalarm") {}

  listen(listener: Heard): () => void {
    this.#open();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  post(message: ChannelMessage): void {
    this.#open()?.postMessage(message);
    for (const listener of this.#listeners) listener(message, true);
  }

  close(): void {
    this.#wire?.close();
    this.#wire = null;
  }

  #open(): BroadcastChannel | null {
    if (!this.#wire && typeof BroadcastChannel !== "undefined") {
      this.#wire = new BroadcastChannel(this.name);
      this.#wire.onmessage = (event: MessageEvent<ChannelMessage>) => {
        for (const listener of this.#listeners) listener(event.data, false);
      };
    }
    return this.#wire;
  }
}
