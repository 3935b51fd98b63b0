// Asks the worker about times: one per page, started by the first question. What it needs to know comes with each question.
import { InvalidSchedule, UnknownZone } from "./errors";
import type { Answer, Failure, Method, Methods, Request } from "./protocol";

const TIMEOUT_MS = 5000;

/** What of a Worker is used. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent<Answer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  postMessage(request: Request): void;
  terminate(): void;
}

/** The worker could not be started, broke down, or said nothing for five seconds. Asking again starts a new one. */
export class WorkerFailed extends Error {}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class ClientOfWorker {
  readonly #start: () => WorkerLike;
  readonly #waiting = new Map<number, Waiting>();
  #worker: WorkerLike | null = null;
  #lastId = 0;

  constructor(start: () => WorkerLike) {
    this.#start = start;
  }

  /** Rejects with InvalidSchedule, UnknownZone or WorkerFailed. */
  ask<M extends Method>(method: M, ...params: Parameters<Methods[M]>): Promise<ReturnType<Methods[M]>> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(new WorkerFailed(`${method} took too long`)), TIMEOUT_MS);
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject, timer });
      try {
        this.#worker ??= this.#started();
        this.#worker.postMessage({ id, method, params } as unknown as Request);
      } catch (error) {
        this.#giveUp(new WorkerFailed("The worker cannot be started.", { cause: error }));
      }
    });
  }

  #started(): WorkerLike {
    const worker = this.#start();
    worker.onmessage = ({ data }) => this.#take(data);
    worker.onerror = ({ message }) => this.#giveUp(new WorkerFailed(message));
    worker.onmessageerror = () => this.#giveUp(new WorkerFailed("The answer cannot be read."));
    return worker;
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    if ("failure" in answer) waiting.reject(failureToError(answer.failure));
    else waiting.resolve(answer.result);
  }

  /** A worker that is stuck answers nobody: all that wait are told, and the next question starts another. */
  #giveUp(error: WorkerFailed): void {
    this.#worker?.terminate();
    this.#worker = null;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of all) {
      clearTimeout(timer);
      reject(error);
    }
  }
}

function failureToError(failure: Failure): Error {
  if (failure.type === "invalid_schedule") return new InvalidSchedule(failure.field, failure.code, failure.part);
  if (failure.type === "unknown_zone") return new UnknownZone(failure.zone);
  return new WorkerFailed(failure.message);
}

const client = new ClientOfWorker(() => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }));

/** The next occurrences of an alarm, saved or not, and why they end. */
export const preview = (...params: Parameters<Methods["preview"]>) => client.ask("preview", ...params);

/** What alarms have coming, in the shape of a pull's coming occurrences. */
export const coming = (...params: Parameters<Methods["coming"]>) => client.ask("coming", ...params);

/** The next ring of many alarms. */
export const nextOccurrences = (...params: Parameters<Methods["nextOccurrences"]>) =>
  client.ask("nextOccurrences", ...params);

/** What is wrong with an RRULE value, null when nothing is. */
export const validateRule = (...params: Parameters<Methods["validateRule"]>) => client.ask("validateRule", ...params);
