// How far the server's clock is from this device's: measured with every answer that carries a time, the best one kept.
import type { Disk } from "./database";
import type { OffsetRecord } from "./records";

/** A measurement this old gives way to a worse one: clocks drift, and people set them. */
const STALE_MS = 10 * 60_000;
const NOTABLE_MS = 50;

export class Measured {
  #best: OffsetRecord | null = null;
  #isLoaded = false;

  constructor(
    readonly disk: Disk,
    readonly now: () => number,
  ) {}

  get ms(): number | null {
    return this.#best?.ms ?? null;
  }

  async load(): Promise<void> {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    this.#best ??= (await this.disk.read("offset")) ?? null;
  }

  forget(): void {
    this.#best = null;
    this.#isLoaded = false;
  }

  /** Take a time that the server told in an answer to a call of ours; whether it moved ours notably. */
  async take(serverAt: number, sentAt: number, receivedAt: number): Promise<boolean> {
    const roundTripMs = receivedAt - sentAt;
    if (!Number.isFinite(serverAt) || roundTripMs < 0) return false; // our clock was set in between
    const found = { ms: Math.round(serverAt - (sentAt + receivedAt) / 2), roundTripMs, measuredAt: receivedAt };
    const before = this.#best;
    if (before && !isBetter(found, before)) return false;
    this.#best = found;
    const isNotable = !before || Math.abs(found.ms - before.ms) >= NOTABLE_MS;
    if (isNotable || found.measuredAt - before.measuredAt > STALE_MS / 2) await this.disk.putInSession("offset", found);
    return isNotable;
  }
}

function isBetter(found: OffsetRecord, than: OffsetRecord): boolean {
  const isApart = Math.abs(found.ms - than.ms) > (found.roundTripMs + than.roundTripMs) / 2; // both cannot be true
  const age = found.measuredAt - than.measuredAt;
  return found.roundTripMs <= than.roundTripMs || isApart || age < 0 || age > STALE_MS;
}
