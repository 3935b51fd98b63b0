// A clock that tests move: timers run in order, a frozen page runs none until it wakes.
import type { TimePort } from "./alarmClock";

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export class FakeTime implements TimePort {
  /** The device's own clock, which timers follow. */
  own: number;
  /** Server's clock minus the device's. */
  offset = 0;
  /** How much later than asked each timer runs; a negative one runs early. */
  lag = 0;
  #timers: Timer[] = [];
  #isFrozen = false;

  constructor(start: number) {
    this.own = start;
  }

  now(): number {
    return this.own + this.offset;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.own + Math.max(ms + this.lag, ms > 0 ? 1 : 0), run };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((one) => one !== timer));
  }

  /** Let time pass, and what is due in it run at its moment. */
  pass(ms: number): void {
    const until = this.own + ms;
    while (!this.#isFrozen) {
      const first = this.#timers.filter((one) => one.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!first) break;
      this.#timers = this.#timers.filter((one) => one !== first);
      this.own = Math.max(this.own, first.at);
      first.run();
    }
    this.own = until;
  }

  /** Timers stand still until `thaw`; what fell due meanwhile runs then. */
  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    this.pass(0);
  }

  get waiting(): number {
    return this.#timers.length;
  }

  /** The longest wait that is asked for now. */
  get longestWait(): number {
    return Math.max(0, ...this.#timers.map((one) => one.at - this.own));
  }
}
