// Brings the disk and the server together: sends the outbox, then pulls. No DOM, no React: the service worker uses it too.
import { UNANSWERED, type HttpPorts, type Unanswered } from "./http";
import type { Channel } from "./channel";
import type { Disk } from "./database";
import type { Locks } from "./locks";
import { Measured } from "./offset";
import { pullAll } from "./pull";
import { pushAll } from "./push";
import type { Topic } from "./topics";

export interface EnginePorts extends HttpPorts {
  readonly disk: Disk;
  readonly channel: Channel;
  readonly locks: Locks;
  readonly newId: () => string;
}

/** One round's: whose data it brings, and what it changed. */
export interface RoundPorts extends EnginePorts {
  readonly userId: string;
  readonly changed: Set<Topic>;
}

/** How a round ended: all is sent and fetched, or what was in the way. */
export type Round = { readonly type: "done" } | Unanswered;

export class Engine {
  readonly offset: Measured;

  constructor(readonly ports: EnginePorts) {
    this.offset = new Measured(ports.disk, () => ports.now());
  }

  /** Server-corrected time. */
  now(): number {
    return this.ports.now() + (this.offset.ms ?? 0);
  }

  /** Send what waits, then fetch what is new. One round at a time in this browser. */
  sync(): Promise<Round> {
    return this.#alone(async (round) => (await pushAll(round)) ?? (await pullAll(round, this.offset)));
  }

  /** Send what waits: for the worker, which may be stopped at any time. */
  flushOutbox(): Promise<Round> {
    return this.#alone(async (round) => (await pushAll(round)) ?? { type: "done" });
  }

  /** Fetch what is new without sending. */
  pullOnce(): Promise<Round> {
    return this.#alone((round) => pullAll(round, this.offset));
  }

  #alone(run: (round: RoundPorts) => Promise<Round>): Promise<Round> {
    return this.ports.locks.request("smartalarm-sync", async () => {
      await this.offset.load();
      const session = await this.ports.disk.read("session");
      if (!session || session.isEnded) return UNANSWERED("signed_out");
      const changed = new Set<Topic>();
      try {
        return await run({ ...this.ports, userId: session.userId, changed });
      } finally {
        // Told at the end of the round: between an outcome and the pull that follows, things would flicker.
        if (changed.size) this.ports.channel.post({ type: "changed", topics: [...changed] });
      }
    });
  }
}
