// What a recorder needs of the world around it.
import type { Epoch } from "./counter";
import type { Batch } from "./motion";
import type { Night, Nights } from "./nights";
import type { Sent } from "./sending";
import type { Recording } from "./view";

/** The counter in its worker. */
export interface Counting {
  start(startAt: number, first: number): void;
  add(batch: Batch): void;
  tick(now: number): void;
  /** Resolves when the last epochs were told. */
  finish(now: number): Promise<void>;
  close(): void;
}

export interface RecorderPorts {
  now(): number;
  random(): number;
  newId(): string;
  after(ms: number, run: () => void): () => void;
  readonly nights: Nights;
  who(): Promise<Pick<Night, "userId" | "deviceId" | "timeZone"> | null>;
  readonly count: (onEpochs: (epochs: readonly Epoch[]) => void, onBroken: () => void) => Counting;
  feel(onBatch: (batch: Batch) => void): () => void;
  send(id: string): Promise<Sent>;
  /** Whether an alarm may ring early by now. */
  isUrgent(): boolean;
  /** Whether the page was out of sight since it was asked last. */
  wasHidden(): boolean;
  /** The server has just decided to ring early. */
  onRings(): void;
  onChange(recording: Recording): void;
}
