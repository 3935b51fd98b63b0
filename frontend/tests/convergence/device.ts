// One device of the test: the engine and the disk of the app, behind a network that fails as networks do.
import { Channel } from "../../src/replica/channel";
import { Disk, ofKind } from "../../src/replica/database";
import { Engine, type Round } from "../../src/replica/engine";
import { pageLocks } from "../../src/replica/locks";
import { shownOccurrences, shownOf } from "../../src/replica/shown";
import { KINDS } from "../../src/replica/topics";
import { writeEdits, type Write } from "../../src/replica/writing";
import { canonicalJson } from "../../src/sync/canonical";
import { isAhead } from "../../src/sync/clock";
import type { Chance } from "./chance";

export interface Network {
  isOnline: boolean;
  /** How often an answer is lost after the server has done the work, and how often a call is sent twice. */
  lost: number;
  doubled: number;
}

export class Device {
  readonly network: Network = { isOnline: true, lost: 0, doubled: 0 };
  engine: Engine;

  constructor(
    readonly name: string,
    readonly url: string,
    readonly token: string,
    readonly chance: Chance,
    /** How far this device's clock is off. */
    readonly skewMs: number,
  ) {
    this.engine = this.#boot();
  }

  async signIn(userId: string): Promise<void> {
    const disk = this.engine.ports.disk;
    await disk.put("client_id", this.chance.id());
    await disk.put("session", { userId, email: "ana@example.com", isEnded: false, tokenUntil: 0 });
  }

  /** The page was closed and opened again. */
  async restart(): Promise<void> {
    this.engine.ports.channel.close();
    await this.engine.ports.disk.close();
    this.engine = this.#boot();
  }

  async write(writes: readonly Write[]): Promise<void> {
    const { disk } = this.engine.ports;
    await this.engine.offset.load();
    await writeEdits({ disk, now: () => this.engine.now(), newId: () => this.chance.id() }, writes);
  }

  sync(): Promise<Round> {
    return this.engine.sync();
  }

  async unsent(): Promise<number> {
    return (await this.engine.ports.disk.db()).count("outbox");
  }

  /** Whether it will send a clock that the server clamps: how that ends, only the server knows. */
  async isAhead(): Promise<boolean> {
    const outbox = await (await this.engine.ports.disk.db()).getAll("outbox");
    return outbox.some(({ clock }) => isAhead(clock, Date.now()));
  }

  /** What the server has told of: a first pull leaves out what is deleted. */
  async known(): Promise<Set<string>> {
    const keys = await (await this.engine.ports.disk.db()).getAllKeys("base");
    return new Set(keys.map((key) => key.join(" ")));
  }

  /** Entities with an edit that the server refused. */
  async refused(): Promise<Set<string>> {
    const notices = await (await this.engine.ports.disk.db()).getAll("notices");
    return new Set(notices.filter(({ type }) => type === "rejected").map(({ entityId }) => entityId));
  }

  /** All that its screens would show, one line for each thing. */
  async shown(): Promise<Map<string, string>> {
    const db = await this.engine.ports.disk.db();
    const outbox = await db.getAll("outbox");
    const lines = new Map<string, string>();
    for (const kind of KINDS) {
      const base = await db.getAll("base", ofKind(kind));
      const shown = kind === "occurrence" ? shownOccurrences(base, outbox, new Map()) : shownOf(kind, base, outbox);
      for (const { id, fields } of shown) lines.set(`${kind} ${id}`, canonicalJson(fields));
    }
    return lines;
  }

  #boot(): Engine {
    return new Engine({
      disk: new Disk(this.name),
      channel: new Channel(this.name),
      locks: { request: (name, run) => pageLocks.request(`${this.name}:${name}`, run) },
      fetch: (input, init) => this.#fetch(input, init),
      baseUrl: this.url,
      now: () => Date.now() + this.skewMs,
      newId: () => this.chance.id(),
      token: () => Promise.resolve({ type: "token", token: this.token }),
    });
  }

  async #fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    if (!this.network.isOnline) throw new TypeError("offline");
    if (this.chance.is(this.network.doubled)) await (await fetch(input, init)).text();
    const response = await fetch(input, init);
    if (!this.chance.is(this.network.lost)) return response;
    await response.text(); // the server has done it
    throw new TypeError("the connection broke");
  }
}
