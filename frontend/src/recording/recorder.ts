// Records one night: samples to the counter, counts to the disk, from there to the server. Pure but for its ports.
import { MOST_EPOCHS, type Epoch } from "./counter";
import { EPOCH_MS } from "./counts";
import type { Batch } from "./motion";
import type { Pause } from "./nights";
import type { Counting, RecorderPorts } from "./ports";
import type { Sent } from "./sending";
import { afterFailure, isTimeToSend, NO_FAILURE, type Turns } from "./turns";
import { OFF, type Problem, type Recording } from "./view";

/** A page that comes back within this goes on with its night; later that is another one. */
export const RESUMED_WITHIN_MS = 15 * 60_000;
/** A desktop browser has the event, and never sends a reading. */
export const FIRST_SAMPLE_MS = 5_000;
/** Without a sample for longer the screen says so. */
const SILENT_MS = 10_000;
const TICK_MS = 5_000;
/** A day of tries, the later ones five minutes apart. */
const MOST_TRIES = 300;
/** The last counts come within a moment, unless the worker is gone. */
const LAST_COUNTS_MS = 3_000;

type Going = Extract<Recording, { status: "recording" }>;

export class Recorder {
  readonly #ports: RecorderPorts;
  #state: Recording = OFF;
  #counting: Counting | null = null;
  #stopFeeling: () => void = () => undefined;
  #cancelTimer: () => void = () => undefined;
  #first: Batch[] = [];
  #lastSampleAt = 0;
  #turns: Turns = NO_FAILURE;
  #sending: Promise<Sent> | null = null;
  #isEnding = false;
  /** Writes to the disk, one after the other. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(ports: RecorderPorts) {
    this.#ports = ports;
  }

  /** Wait for the first sample, then begin a night, or go on with the one that a reload interrupted. */
  start(): void {
    if (this.#state.status === "starting" || this.#state.status === "recording") return;
    this.#cancelTimer();
    this.#first = [];
    this.#isEnding = false;
    this.#turns = NO_FAILURE;
    this.#ports.wasHidden();
    this.#change({ status: "starting" });
    this.#stopFeeling = this.#ports.feel((batch) => this.#take(batch));
    this.#cancelTimer = this.#ports.after(FIRST_SAMPLE_MS, () => this.fail("no_samples"));
  }

  /** "I'm up": the last counts, then the end of the night to the server, now or whenever it can be reached. */
  async finish(): Promise<void> {
    const state = this.#state;
    if (state.status === "starting") this.fail(null);
    if (state.status !== "recording" || this.#isEnding) return;
    this.#isEnding = true;
    const { id, startAt } = state;
    const endAt = this.#ports.now();
    this.#stopFeeling();
    this.#cancelTimer();
    const patience = new Promise<void>((done) => void this.#ports.after(LAST_COUNTS_MS, done));
    await Promise.race([this.#counting?.finish(endAt), patience]);
    const pauses = this.#going()?.pauses ?? state.pauses;
    this.#close();
    this.#change({ status: "ended", id, startAt, endAt, pauses, isSent: null });
    await this.#write(() => this.#ports.nights.change(id, { endedAt: endAt }));
    await this.#sending?.catch(() => undefined);
    this.#turns = NO_FAILURE;
    await this.#sendEnd(id);
  }

  /** The rest of a night and its end, until they are there: for as long as its end is shown, at most a day. */
  async #sendEnd(id: string): Promise<void> {
    this.#sending = this.#sendOnce(id);
    const sent = await this.#sending;
    this.#sending = null;
    if (this.#state.status !== "ended" || this.#state.id !== id) return;
    if (sent.type === "refused") {
      this.#change({ status: "off", problem: sent.reason });
      return;
    }
    this.#change({ ...this.#state, isSent: sent.type === "finished" });
    if (sent.type === "finished" || this.#turns.failures >= MOST_TRIES) return;
    const now = this.#ports.now();
    const askedMs = sent.type === "later" ? sent.retryAfterMs : null;
    this.#turns = afterFailure(this.#turns, now, askedMs, this.#ports.random());
    this.#cancelTimer = this.#ports.after(this.#turns.notBefore - now, () => this.#tryEnd());
  }

  #tryEnd(): void {
    const state = this.#state;
    if (state.status !== "ended" || state.isSent !== false || this.#sending) return;
    this.#cancelTimer();
    void this.#sendEnd(state.id);
  }

  /** The person has read how it ended. */
  putAway(): void {
    if (this.#state.status === "ended" || this.#state.status === "off") this.#change(OFF);
  }

  /** End without a word to the server: signed out, or it cannot go on. */
  fail(problem: Problem | null): void {
    this.#close();
    this.#change({ status: "off", problem });
  }

  /** There is a connection again. */
  tryNow(): void {
    const going = this.#going();
    this.#turns = NO_FAILURE;
    if (going && going.waiting > 0) void this.#send(going.id);
    this.#tryEnd();
  }

  #take(batch: Batch): void {
    const from = batch.at[0];
    const to = batch.at.at(-1);
    if (from === undefined || to === undefined) return;
    if (this.#state.status === "starting") {
      this.#first.push(batch);
      if (this.#first.length === 1) void this.#begin(from).catch(() => this.fail("failed"));
      return;
    }
    const going = this.#going();
    if (!going) return;
    this.#noteSilence(going, from);
    this.#lastSampleAt = to;
    this.#counting?.add(batch);
  }

  async #begin(firstAt: number): Promise<void> {
    this.#cancelTimer();
    const { nights, count } = this.#ports;
    const who = await this.#ports.who();
    if (!who) {
      this.fail("failed");
      return;
    }
    const before = await nights.of(who.userId);
    const open = before.filter((night) => night.endedAt === null);
    const again = open.findLast((night) => firstAt - night.lastAt < RESUMED_WITHIN_MS && night.next < MOST_EPOCHS);
    for (const night of open) {
      if (night !== again) await nights.change(night.id, { endedAt: night.lastAt });
    }
    // What is left of other nights goes first: the server has one that is going on at a time.
    for (const night of before) if (night !== again) await this.#ports.send(night.id);
    const startAt = Math.ceil(firstAt / 1000) * 1000;
    const night = again ?? {
      ...who,
      id: this.#ports.newId(),
      startAt,
      isTold: false,
      next: 0,
      lastAt: startAt,
      endedAt: null,
      pauses: [],
    };
    if (!again) await nights.begin(night);
    if (this.#state.status !== "starting") {
      if (!again) await nights.forget(night.id); // called off meanwhile
      return;
    }
    this.#counting = count(
      (epochs) => this.#keep(epochs),
      () => this.fail("failed"),
    );
    this.#counting.start(night.startAt, night.next);
    this.#change({
      status: "recording",
      id: night.id,
      startAt: night.startAt,
      countedAt: night.next === 0 ? null : night.startAt + night.next * EPOCH_MS,
      silentSince: null,
      pauses: night.pauses,
      waiting: await nights.countWaiting(night.id),
    });
    if (again) this.#pause({ from: night.lastAt, to: firstAt, reason: "closed" });
    this.#lastSampleAt = firstAt;
    for (const batch of this.#first.splice(0)) this.#take(batch);
    this.#tick();
    void this.#send(night.id); // so that the server, and other devices, know of it
  }

  #tick(): void {
    const going = this.#going();
    if (!going) return;
    const now = this.#ports.now();
    this.#counting?.tick(now);
    const isSilent = now - this.#lastSampleAt > SILENT_MS;
    if (isSilent !== (going.silentSince !== null))
      this.#change({ ...going, silentSince: isSilent ? this.#lastSampleAt : null });
    this.#cancelTimer = this.#ports.after(TICK_MS, () => this.#tick());
    if (now >= going.startAt + MOST_EPOCHS * EPOCH_MS) void this.finish();
  }

  #noteSilence(going: Going, sampleAt: number): void {
    const wasHidden = this.#ports.wasHidden();
    if (sampleAt - this.#lastSampleAt <= SILENT_MS) return;
    this.#change({ ...going, silentSince: null });
    this.#pause({ from: this.#lastSampleAt, to: sampleAt, reason: wasHidden ? "hidden" : "silent" });
  }

  #pause(pause: Pause): void {
    const going = this.#going();
    if (!going) return;
    this.#change({ ...going, pauses: [...going.pauses, pause] });
    void this.#write(() => this.#ports.nights.addPause(going.id, pause));
  }

  #keep(epochs: readonly Epoch[]): void {
    const going = this.#going();
    const last = epochs.at(-1);
    if (!going || !last) return;
    const countedAt = going.startAt + (last.index + 1) * EPOCH_MS;
    this.#change({ ...going, countedAt, waiting: going.waiting + epochs.length });
    void this.#write(() => this.#ports.nights.add(going.id, epochs, Math.max(this.#lastSampleAt, going.startAt))).then(
      () => {
        const waiting = this.#going()?.waiting ?? 0;
        if (isTimeToSend(this.#turns, waiting, this.#ports.isUrgent(), this.#ports.now())) void this.#send(going.id);
      },
    );
  }

  async #send(id: string): Promise<void> {
    if (this.#sending || this.#isEnding) return;
    this.#sending = this.#sendOnce(id);
    const sent = await this.#sending;
    this.#sending = null;
    const now = this.#ports.now();
    const askedMs = sent.type === "later" ? sent.retryAfterMs : null;
    this.#turns = sent.type === "later" ? afterFailure(this.#turns, now, askedMs, this.#ports.random()) : NO_FAILURE;
    if (this.#going()?.id !== id) return;
    if (sent.type === "refused") {
      this.fail(sent.reason);
      return;
    }
    if (sent.type === "sent" && sent.rings) this.#ports.onRings();
    const waiting = await this.#ports.nights.countWaiting(id);
    const going = this.#going();
    if (going?.id === id) this.#change({ ...going, waiting });
  }

  #sendOnce(id: string): Promise<Sent> {
    return this.#ports.send(id).catch(() => ({ type: "later", retryAfterMs: null }));
  }

  /** What the disk refuses is lost, and the night goes on. */
  #write(work: () => Promise<unknown>): Promise<unknown> {
    this.#writing = this.#writing.then(work).catch(() => undefined);
    return this.#writing;
  }

  #going(): Going | null {
    return this.#state.status === "recording" ? this.#state : null;
  }

  #close(): void {
    this.#stopFeeling();
    this.#cancelTimer();
    this.#counting?.close();
    this.#counting = null;
  }

  #change(state: Recording): void {
    this.#state = state;
    this.#ports.onChange(state);
  }
}
