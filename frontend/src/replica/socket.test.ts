// The socket: greeted, kept awake, opened anew, and done without where the server has none.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer } from "./http";
import type { ServerMessage } from "./live";
import { LiveSocket } from "./socket";

class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: { action: string; request_id: number }[] = [];
  isClosed = false;
  isAnswering = true;

  constructor(
    readonly url: string,
    readonly delayMs: number,
  ) {
    setTimeout(() => this.onopen?.(), 0);
  }

  send(text: string): void {
    const message = JSON.parse(text) as { action: string; request_id: number };
    this.sent.push(message);
    const type = this.sent.length === 1 ? "hello" : "pong";
    if (!this.isAnswering) return;
    setTimeout(() => {
      const server_time = new Date(Date.now() + 5000 - this.delayMs / 2).toISOString();
      this.say({ type, request_id: message.request_id, server_time });
    }, this.delayMs);
  }

  say(message: unknown): void {
    if (!this.isClosed) this.onmessage?.({ data: JSON.stringify(message) });
  }

  close(): void {
    this.isClosed = true;
  }
}

class Bench {
  readonly sockets: FakeSocket[] = [];
  readonly messages: ServerMessage[] = [];
  readonly offsets: number[] = [];
  readonly opened: boolean[] = [];
  tickets = 0;
  status = 200;
  isAnswering = true;
  readonly live = new LiveSocket({
    ticket: () => {
      this.tickets += 1;
      const json = { url: "ws://server/ws", ticket: `t${this.tickets}` };
      return Promise.resolve({ type: "answered", status: this.status, json, sentAt: 0, receivedAt: 0 } satisfies Answer);
    },
    open: (url) => {
      const socket = new FakeSocket(url, 40);
      socket.isAnswering = this.isAnswering;
      this.sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    now: () => Date.now(),
    random: () => 0.5,
    onMessage: (message) => this.messages.push(message),
    onTime: (serverAt, sentAt, receivedAt) => this.offsets.push(serverAt - (sentAt + receivedAt) / 2),
    onOpen: (isOpen) => this.opened.push(isOpen),
  });
}

describe("the socket", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_796_108_340_000 }));
  afterEach(() => void vi.useRealTimers());

  it("opens with a ticket, greets first, and measures the clock a few times", async () => {
    const bench = new Bench();
    bench.live.start();
    await vi.advanceTimersByTimeAsync(5000);
    expect(bench.sockets[0]?.url).toBe("ws://server/ws?ticket=t1");
    expect(bench.opened).toEqual([true]);
    expect(bench.offsets).toEqual([5000, 5000, 5000]);
  });

  it("passes on what the server says, and nothing that it does not know", async () => {
    const bench = new Bench();
    bench.live.start();
    await vi.advanceTimersByTimeAsync(100);
    bench.sockets[0]!.say({ type: "poke", cursor: "7" });
    bench.sockets[0]!.say({ type: "surprise" });
    expect(bench.messages.map(({ type }) => type)).toEqual(["hello", "poke"]);
  });

  it("is kept awake every five minutes, and opened anew before two hours are over", async () => {
    const bench = new Bench();
    bench.live.start();
    await vi.advanceTimersByTimeAsync(110 * 60_000);
    expect(bench.sockets).toHaveLength(1);
    expect(bench.sockets[0]!.sent.length).toBeGreaterThan(20);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(bench.sockets).toHaveLength(2);
    expect(bench.sockets[0]!.isClosed).toBe(true);
  });

  it("that says nothing for ten seconds is given up, and opened again with growing pauses", async () => {
    const bench = new Bench();
    bench.isAnswering = false;
    bench.live.start();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(bench.tickets).toBe(1);
    await vi.advanceTimersByTimeAsync(90_000);
    expect(bench.tickets).toBeGreaterThan(3);
    expect(bench.tickets).toBeLessThan(8);
    expect(bench.opened).toEqual([]);
  });

  it("that broke is looked after when the page is looked at again", async () => {
    const bench = new Bench();
    bench.live.start();
    await vi.advanceTimersByTimeAsync(4000);
    bench.sockets[0]!.onclose?.();
    expect(bench.opened).toEqual([true, false]);
    bench.live.kick();
    await vi.advanceTimersByTimeAsync(100);
    expect(bench.opened).toEqual([true, false, true]);
  });

  it("that a sleeping machine lost without a word is found out by the next look", async () => {
    const bench = new Bench();
    bench.live.start();
    await vi.advanceTimersByTimeAsync(4000);
    bench.sockets[0]!.isAnswering = false;
    bench.live.kick();
    await vi.advanceTimersByTimeAsync(13_000);
    expect(bench.sockets).toHaveLength(2);
  });

  it("is not asked for again where the server has none", async () => {
    const bench = new Bench();
    bench.status = 404;
    bench.live.start();
    await vi.advanceTimersByTimeAsync(3_600_000);
    bench.live.kick();
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.tickets).toBe(1);
  });

  it("is closed for good when somebody signs out", async () => {
    const bench = new Bench();
    bench.live.start();
    await vi.advanceTimersByTimeAsync(100);
    bench.live.stop();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(bench.sockets).toHaveLength(1);
    expect(bench.sockets[0]!.isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
