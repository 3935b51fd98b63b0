// When to sync: asked for, coalesced to one round at a time, tried again with growing pauses after a failure.
import type { Round } from "./engine";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** However long a server asks to wait. */
const LONGEST_WAIT_MS = 15 * 60_000;
const DEBOUNCE_MS = 50;
export const EVERY_MS = 60_000;

export interface SchedulerPorts {
  sync(): Promise<Round>;
  /** Told after each round. */
  onRound(round: Round): void;
  isVisible(): boolean;
  random(): number;
}

export class Scheduler {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #dueAt = Infinity;
  #running: Promise<void> | null = null;
  #isAskedAgain = false;
  #isWanted = false;
  #failures = 0;
  /** The server asked not to be called before. */
  #notBefore = 0;
  #isStopped = true;

  constructor(
    readonly ports: SchedulerPorts,
    readonly now: () => number = () => Date.now(),
  ) {}

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.ask(0);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
    this.#failures = 0;
  }

  /** Sync soon: several calls within the wait make one round. A failure's pause is cut short. */
  ask(waitMs: number = DEBOUNCE_MS): void {
    if (this.#isStopped) return;
    this.#isWanted = true;
    if (this.#running) this.#isAskedAgain = true;
    else this.#at(waitMs);
  }

  /** Sync now; resolves when a round that began after this call has ended. */
  async syncNow(): Promise<void> {
    if (this.#running) await this.#running;
    await (this.#running ?? this.#run());
  }

  #at(waitMs: number): void {
    const now = this.now();
    const dueAt = Math.max(now + waitMs, this.#notBefore);
    if (this.#timer !== null && this.#dueAt <= dueAt) return;
    this.#cancel();
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.#due(), dueAt - now);
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueAt = Infinity;
  }

  /** A page that nobody looks at does not poll: pokes, pushes and being looked at again wake it. */
  #due(): void {
    if (this.#failures || this.ports.isVisible() || this.#isWanted) void this.#run();
    else this.#cancel();
  }

  #run(): Promise<void> {
    this.#cancel();
    this.#running ??= this.#round().finally(() => {
      this.#running = null;
      if (this.#isStopped) return;
      if (this.#isAskedAgain) {
        this.#isAskedAgain = false;
        this.#at(this.#failures ? this.#pause() : DEBOUNCE_MS);
      }
    });
    return this.#running;
  }

  async #round(): Promise<void> {
    this.#isWanted = false;
    let round: Round;
    try {
      round = await this.ports.sync();
    } catch {
      round = { type: "server", retryAfterMs: null }; // the disk failed: the next round opens it again
    }
    this.#failures = round.type === "done" ? 0 : this.#failures + 1;
    const retryAfterMs = round.type === "done" ? null : round.retryAfterMs;
    this.#notBefore = retryAfterMs === null ? 0 : this.now() + Math.min(retryAfterMs, LONGEST_WAIT_MS);
    this.ports.onRound(round);
    if (this.#isStopped) return;
    if (round.type === "done") this.#at(EVERY_MS);
    else if (round.type !== "signed_out") this.#at(this.#pause());
  }

  /** Doubling from 1 s to 60 s, each with up to half of it more by chance, so that devices do not come all at once. */
  #pause(): number {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, Math.max(0, this.#failures - 1)));
    return pause * (0.75 + this.ports.random() / 2);
  }
}
