// One device on the bench: the engine with a disk in memory, a fake server and clocks that the test sets.
import "fake-indexeddb/auto";
import { Channel } from "../../src/replica/channel";
import { Disk, ofKind } from "../../src/replica/database";
import { Engine } from "../../src/replica/engine";
import { pageLocks } from "../../src/replica/locks";
import { shownOf } from "../../src/replica/shown";
import type { Kind, Shown } from "../../src/replica/types";
import { writeEdits, type Write } from "../../src/replica/writing";
import type { TokenAnswer } from "../../src/session/refresh";
import { FakeServer } from "./fakeServer";

let made = 0;

export class Bench {
  readonly name = `bench-${++made}`;
  readonly server: FakeServer;
  readonly disk = new Disk(this.name);
  readonly channel = new Channel(this.name);
  readonly engine: Engine;
  nowMs: number;
  token: (rejected: string | null) => Promise<TokenAnswer> = () => Promise.resolve({ type: "token", token: "good" });
  #ids = 0;

  constructor(server: FakeServer = new FakeServer()) {
    this.server = server;
    this.nowMs = server.now;
    this.engine = new Engine({
      disk: this.disk,
      channel: this.channel,
      locks: { request: (name, run) => pageLocks.request(`${this.name}:${name}`, run) },
      fetch: server.fetch,
      baseUrl: "http://server",
      now: () => this.nowMs,
      newId: () => this.newId(),
      token: (rejected) => this.token(rejected),
    });
  }

  static async signedIn(server?: FakeServer): Promise<Bench> {
    const bench = new Bench(server);
    await bench.disk.put("client_id", bench.name);
    await bench.disk.put("session", { userId: "ana", email: "ana@example.com", isEnded: false, tokenUntil: 0 });
    return bench;
  }

  newId(): string {
    return `${this.name}-${++this.#ids}`;
  }

  async write(...writes: Write[]): Promise<void> {
    await writeEdits({ disk: this.disk, now: () => this.engine.now(), newId: () => this.newId() }, writes);
  }

  async alarm(id: string): Promise<Shown<"alarm"> | undefined> {
    return (await this.shown("alarm")).find((alarm) => alarm.id === id);
  }

  async shown<K extends Exclude<Kind, "occurrence">>(kind: K): Promise<Shown<K>[]> {
    const db = await this.disk.db();
    return shownOf(kind, await db.getAll("base", ofKind(kind)), await db.getAll("outbox"));
  }

  async unsent(): Promise<number> {
    return (await this.disk.db()).count("outbox");
  }

  async notices() {
    return (await (await this.disk.db()).getAll("notices")).filter((notice) => !notice.awaits);
  }
}

/** An edit that makes an alarm whole. */
export function whole(id: string, label: string): Write {
  const schedule = { start: "2026-12-01T08:00:00", rrule: "FREQ=DAILY", exdates: [], rdates: [] };
  return { kind: "alarm", id, fields: { label, schedule, enabled: true, deleted: false } };
}

export function labelled(id: string, label: string): Write {
  return { kind: "alarm", id, fields: { label } };
}
