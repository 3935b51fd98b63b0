// The device's copy of what is synced. This is the door for screens; the engine behind it is started at sign-in.
import type { Fields } from "../sync/merge";
import { useSession } from "../session/store";
import { context } from "./context";
import { recompute } from "./coming";
import type { Round } from "./engine";
import { newId } from "./ids";
import { Scheduler } from "./scheduler";
import { Snapshots, type Stored } from "./snapshots";
import { touched, type Topic } from "./topics";
import { call } from "./http";
import { tellListeners } from "./live";
import { LiveSocket } from "./socket";
import { askForBackgroundSync, listenToTriggers } from "./triggers";
import type { AnswerFields, FieldsOf, Kind, Shown, SyncState, WritableKind, ZoneTable } from "./types";
import { writeEdits, type Write } from "./writing";

export type { Topic };

/** The fields that an edit writes, each whole; `deleted` removes an entity or brings it back. */
export type Edit<K extends WritableKind = WritableKind> = {
  readonly [P in K]: {
    readonly kind: P;
    readonly id: string;
    readonly fields: Partial<FieldsOf[P]> & { readonly deleted?: boolean };
  };
}[K];

export interface Replica {
  /** Snapshots keep their identity until they change, as React asks. Occurrences are those from a day back on. */
  all<K extends Kind>(kind: K): readonly Shown<K>[] | null;
  zones(): Readonly<Record<string, ZoneTable>>;
  state(): SyncState;
  subscribe(topic: Topic, listener: () => void): () => void;
  /** Write edits to the disk and show them; they are sent when there is a connection. */
  write(edits: readonly Edit[]): Promise<void>;
  /** Record a dismissal or snooze, so that it reaches the server whenever it can. */
  answer(answer: AnswerFields): Promise<void>;
  /** Send and fetch now, for "Try again". Never rejects: state() tells. */
  syncNow(): Promise<void>;
  /** The person has seen a notice; with `isUndone` the lost edit is written again. */
  settleNotice(noticeId: string, isUndone: boolean): Promise<void>;
  /** Server-corrected time, epoch milliseconds. */
  now(): number;
}

const NO_ZONES = {};
const NOTHING: Stored = { unsent: 0, pulledAt: null, offset: null, notices: [], isEnded: false };

class LiveReplica implements Replica {
  readonly #snapshots = new Snapshots({
    disk: () => context().disk,
    now: () => this.now(),
    recompute,
  });
  readonly #scheduler = new Scheduler({
    sync: () => context().engine.sync(),
    onRound: (round) => this.#note(round),
    isVisible: () => document.visibilityState === "visible",
    random: () => Math.random(),
  });
  readonly #socket = new LiveSocket({
    ticket: () => ticket(),
    open: (url) => new WebSocket(url),
    now: () => Date.now(),
    random: () => Math.random(),
    onMessage: (message) => {
      if (message.type === "poke") this.#scheduler.ask();
      tellListeners(message);
    },
    onTime: (serverAt, sentAt, receivedAt) => void this.#measure(serverAt, sentAt, receivedAt),
    onOpen: (isOpen) => this.#noteSocket(isOpen),
  });
  #round: Round["type"] = "done";
  #isSocketOpen = false;
  #state: {
    readonly of: Stored;
    readonly round: Round["type"];
    readonly socket: boolean;
    readonly value: SyncState;
  } | null = null;
  #isStarted = false;

  /** Called once by the app: syncs as long as somebody is signed in. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    context().channel.listen((message) => {
      if (message.type === "changed") this.#snapshots.refresh(message.topics);
      if (message.type === "session") this.#snapshots.refresh(["state"]);
      if (message.type === "pull" || message.type === "written") this.#scheduler.ask();
      if (message.type === "cleared") {
        context().engine.offset.forget();
        this.#snapshots.clear();
      }
    });
    listenToTriggers(() => {
      this.#scheduler.ask(0);
      this.#socket.kick();
    });
    const follow = () => {
      const isIn = useSession.getState().status === "signed_in" && !useSession.getState().isEnded;
      const turn = isIn ? "start" : "stop";
      this.#scheduler[turn]();
      this.#socket[turn]();
    };
    useSession.subscribe(follow);
    follow();
  }

  all<K extends Kind>(kind: K): readonly Shown<K>[] | null {
    return this.#snapshots.get(kind) as readonly Shown<K>[] | null;
  }

  zones(): Readonly<Record<string, ZoneTable>> {
    return this.#snapshots.get("zones") ?? NO_ZONES;
  }

  state(): SyncState {
    const of = this.#snapshots.get("state") ?? NOTHING;
    const round = this.#round;
    const socket = this.#isSocketOpen;
    if (this.#state?.of !== of || this.#state.round !== round || this.#state.socket !== socket) {
      this.#state = { of, round, socket, value: stateOf(of, round, socket) };
    }
    return this.#state.value;
  }

  subscribe(topic: Topic, listener: () => void): () => void {
    return this.#snapshots.subscribe(topic, listener);
  }

  write(edits: readonly Edit[]): Promise<void> {
    return this.#write(edits.map(({ kind, id, fields }) => ({ kind, id, fields: fields })));
  }

  answer(answer: AnswerFields): Promise<void> {
    return this.#write([{ kind: "answer", id: newId(), fields: { ...answer } }]);
  }

  syncNow(): Promise<void> {
    return this.#scheduler.syncNow();
  }

  async settleNotice(noticeId: string, isUndone: boolean): Promise<void> {
    const db = await context().disk.db();
    const notice = await db.get("notices", noticeId);
    if (!notice) return;
    await db.delete("notices", noticeId);
    if (isUndone) await this.#write([{ kind: notice.kind, id: notice.entityId, fields: notice.fields as Fields }]);
    else context().channel.post({ type: "changed", topics: ["state"] });
  }

  now(): number {
    return context().engine.now();
  }

  async #write(writes: readonly Write[]): Promise<void> {
    const { disk, channel, engine } = context();
    await engine.offset.load();
    await writeEdits({ disk, now: () => engine.now(), newId }, writes);
    channel.post({ type: "changed", topics: [...new Set(writes.flatMap(({ kind }) => touched(kind)))] });
    channel.post({ type: "written" });
    if (this.#round !== "done") void askForBackgroundSync(); // this page may be closed before the next try fails
  }

  #note(round: Round): void {
    if (round.type !== "done" && this.state().unsent) void askForBackgroundSync();
    if (round.type === this.#round) return;
    this.#round = round.type;
    this.#snapshots.notify("state");
  }

  #noteSocket(isOpen: boolean): void {
    this.#isSocketOpen = isOpen;
    this.#snapshots.notify("state");
    if (isOpen) this.#scheduler.ask(); // what was poked while there was no socket
  }

  async #measure(serverAt: number, sentAt: number, receivedAt: number): Promise<void> {
    const { engine, channel } = context();
    const isMoved = await engine.offset.take(serverAt, sentAt, receivedAt).catch(() => false);
    if (isMoved) channel.post({ type: "changed", topics: ["state"] });
  }
}

async function ticket() {
  const { engine, disk } = context();
  const deviceId = await disk.read("client_id");
  return call(engine.ports, "POST", "/sync/ticket", deviceId ? { device_id: deviceId } : {});
}

function stateOf(stored: Stored, round: Round["type"], isSocketOpen: boolean): SyncState {
  return {
    isOnline: round !== "offline",
    isSocketOpen,
    unsent: stored.unsent,
    pulledAt: stored.pulledAt,
    clockOffsetMs: stored.offset?.ms ?? null,
    notices: stored.notices,
    trouble: stored.isEnded || round === "signed_out" ? "signed_out" : round === "server" ? "server" : null,
  };
}

const live = new LiveReplica();

export const replica: Replica = live;

/** Called once by the app, after the session was read. */
export function startReplica(): void {
  live.start();
}
