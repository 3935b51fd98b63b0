// The socket: rings and pokes arrive over it at once. Only an optimisation: without it pulls do the same, later.
import type { Answer } from "./http";
import { readServerMessage, type ServerMessage } from "./live";

const PING_EVERY_MS = 5 * 60_000; // gateways close what is silent for ten minutes
const PONG_WITHIN_MS = 10_000;
/** Gateways end a connection after two hours: it is opened anew before. */
const REOPEN_AFTER_MS = 115 * 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** After hello: a few more measurements of the clock, of which the best is kept. */
const EARLY_PINGS_MS = [1_000, 3_000];

export interface SocketPorts {
  ticket(): Promise<Answer>;
  open(url: string): WebSocket;
  now(): number;
  random(): number;
  onMessage(message: ServerMessage): void;
  onTime(serverAt: number, sentAt: number, receivedAt: number): void;
  onOpen(isOpen: boolean): void;
}

type Timer = ReturnType<typeof setTimeout>;

export class LiveSocket {
  #socket: WebSocket | null = null;
  #isGreeted = false;
  #isStopped = true;
  #isAsking = false;
  /** This server has no sockets: it is not asked again while this page lives. */
  #isMissing = false;
  #failures = 0;
  #pings = 0;
  #sentAt = new Map<number, number>();
  #retry: Timer | null = null;
  #watchdog: Timer | null = null;
  #timers: Timer[] = [];

  constructor(readonly ports: SocketPorts) {}

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    void this.#connect();
  }

  stop(): void {
    this.#isStopped = true;
    this.#failures = 0;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#close();
  }

  /** The page is looked at again or the network came back: see whether the socket still lives, or connect now. */
  kick(): void {
    if (this.#isStopped || this.#isAsking) return;
    if (this.#isGreeted) {
      if (this.#watchdog === null) this.#ping();
    } else if (this.#socket === null) {
      if (this.#retry !== null) clearTimeout(this.#retry);
      this.#retry = null;
      void this.#connect();
    }
  }

  async #connect(): Promise<void> {
    if (this.#isStopped || this.#isAsking || this.#isMissing || this.#socket) return;
    this.#isAsking = true;
    const answer = await this.ports.ticket();
    this.#isAsking = false;
    if (this.#wasStopped()) return;
    if (answer.type === "answered" && answer.status === 404) {
      this.#isMissing = true;
      return;
    }
    const ticket = answer.type === "answered" && answer.status === 200 ? readTicket(answer.json) : null;
    if (!ticket) {
      if (answer.type !== "signed_out") this.#later(answer.type === "answered" ? null : answer.retryAfterMs);
      return;
    }
    let socket: WebSocket;
    try {
      socket = this.ports.open(`${ticket.url}?ticket=${encodeURIComponent(ticket.ticket)}`);
    } catch {
      this.#later(null); // not an address that a page may open
      return;
    }
    this.#socket = socket;
    this.#watch(); // opening and hello together have as long as a pong
    socket.onopen = () => this.#ping();
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (socket === this.#socket) this.#hear(event.data);
    };
    socket.onclose = socket.onerror = () => {
      if (socket === this.#socket) this.#lost();
    };
  }

  #hear(data: unknown): void {
    const message = readServerMessage(data);
    if (!message) return;
    if (message.type === "hello" || message.type === "pong") this.#measure(message);
    if (message.type === "hello" && !this.#isGreeted) {
      this.#isGreeted = true;
      this.#failures = 0;
      for (const wait of EARLY_PINGS_MS) this.#after(wait, () => this.#ping());
      this.#after(REOPEN_AFTER_MS * (0.95 + this.ports.random() / 20), () => this.#reopen());
      this.#pingLater();
      this.ports.onOpen(true);
    }
    this.ports.onMessage(message);
  }

  #measure(message: { readonly request_id: unknown; readonly server_time: string }): void {
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    this.#watchdog = null;
    const sentAt = this.#sentAt.get(message.request_id as number);
    if (sentAt === undefined) return;
    this.#sentAt.delete(message.request_id as number);
    this.ports.onTime(Date.parse(message.server_time), sentAt, this.ports.now());
  }

  #ping(): void {
    this.#pings += 1;
    this.#sentAt.set(this.#pings, this.ports.now());
    try {
      this.#socket?.send(JSON.stringify({ action: "ping", request_id: this.#pings }));
    } catch {
      this.#lost();
      return;
    }
    this.#watch();
  }

  #pingLater(): void {
    this.#after(PING_EVERY_MS, () => {
      this.#ping();
      this.#pingLater();
    });
  }

  #watch(): void {
    this.#watchdog ??= setTimeout(() => this.#lost(), PONG_WITHIN_MS);
  }

  #reopen(): void {
    this.#close();
    void this.#connect();
  }

  #lost(): void {
    this.#close();
    this.#later(null);
  }

  #later(retryAfterMs: number | null): void {
    if (this.#isStopped || this.#retry !== null) return;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, this.#failures));
    this.#failures += 1;
    const wait = Math.max(retryAfterMs ?? 0, pause * (0.5 + this.ports.random()));
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#connect();
    }, wait);
  }

  #close(): void {
    const socket = this.#socket;
    this.#socket = null;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    this.#watchdog = null;
    this.#sentAt.clear();
    const wasGreeted = this.#isGreeted;
    this.#isGreeted = false;
    socket?.close();
    if (wasGreeted) this.ports.onOpen(false);
  }

  #after(ms: number, run: () => void): void {
    this.#timers.push(setTimeout(run, ms));
  }

  #wasStopped(): boolean {
    return this.#isStopped;
  }
}

function readTicket(json: unknown): { readonly url: string; readonly ticket: string } | null {
  const body = json as { readonly url?: unknown; readonly ticket?: unknown } | null;
  return typeof body?.url === "string" && typeof body.ticket === "string" ? { url: body.url, ticket: body.ticket } : null;
}
