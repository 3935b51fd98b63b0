// A server in memory for the engine's tests: it merges as the real one does, and fails when it is told to.
import type { Json } from "../../src/sync/canonical";
import type { Mutation } from "../../src/sync/mutation";
import { Space } from "../sync/space";

type Answering = (request: { readonly path: string; readonly body: unknown }) => Response | null | Promise<Response | null>;

export class FakeServer {
  readonly space = new Space();
  /** The texts of all calls, in order. */
  readonly calls: string[] = [];
  readonly pushed: Mutation[][] = [];
  readonly tokens: string[] = [];
  /** Answers instead of the server as long as it gives one; taken away by the test. */
  instead: Answering = () => null;
  zones: Record<string, [number, number][]> = {};
  pageSize = 200;
  now = Date.parse("2026-12-01T07:00:00Z");
  #log: string[] = [];
  #refusals = new Map<string, { code: string; pointer: string }>();
  #epoch = 0;

  /** The server's own kinds that no client writes. */
  readonly occurrences = new Map<string, { version: number; deleted: boolean; fields: Record<string, Json> }>();

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : null;
    this.calls.push(`${init?.method ?? "GET"} ${url.pathname.slice("/api/v1".length)}`);
    this.tokens.push((new Headers(init?.headers).get("Authorization") ?? "").slice("Bearer ".length));
    const other = await this.instead({ path: url.pathname, body });
    if (other) return other;
    if (url.pathname.endsWith("/sync/push")) return Response.json(this.push(body as { mutations: Mutation[] }));
    if (url.pathname.endsWith("/sync/pull")) return this.pull(url.searchParams.get("cursor") ?? "0");
    return new Response(null, { status: 404 });
  };

  /** Refuse a mutation of this entity, as a check of its values does. */
  refuse(entityId: string, code: string, pointer: string): void {
    this.#refusals.set(entityId, { code, pointer });
  }

  /** Another device's write. */
  write(kind: string, id: string, fields: Record<string, Json>, clock: string): void {
    this.space.push([{ id: `other-${clock}-${id}`, kind, entity_id: id, fields, clock }], this.now);
    this.#log.push(`${kind} ${id}`);
  }

  putOccurrence(id: string, version: number, fields: Record<string, Json>): void {
    this.occurrences.set(id, { version, deleted: false, fields });
    this.#log.push(`occurrence ${id}`);
  }

  /** Cursors given so far are good no more. */
  forgetCursors(): void {
    this.#epoch += 1;
  }

  push({ mutations }: { mutations: Mutation[] }): unknown {
    this.pushed.push(mutations);
    const outcomes = mutations.map((mutation) => {
      const refusal = this.#refusals.get(mutation.entity_id);
      if (refusal) return { id: mutation.id, outcome: "rejected", clock: mutation.clock, ...refusal };
      this.#log.push(`${mutation.kind} ${mutation.entity_id}`);
      return this.space.push([mutation], this.now)[0];
    });
    return { outcomes, cursor: "any" };
  }

  pull(cursor: string): Response {
    const [epoch = "", place = ""] = cursor === "0" ? [String(this.#epoch), "0"] : cursor.split("-");
    if (epoch !== String(this.#epoch)) return new Response("{}", { status: 410 });
    const from = Number(place);
    const page = this.#log.slice(from, from + this.pageSize);
    const until = from + page.length;
    return Response.json({
      changes: [...new Set(page)].map((line) => this.#change(line)),
      cursor: `${this.#epoch}-${until}`,
      more: until < this.#log.length,
      zones: this.zones,
      server_time: new Date(this.now).toISOString(),
    });
  }

  #change(line: string): unknown {
    const space = line.indexOf(" ");
    const [kind, id] = [line.slice(0, space), line.slice(space + 1)];
    if (kind === "occurrence") return { kind, id, clocks: {}, ...this.occurrences.get(id)! };
    const { fields, clocks } = this.space.entity(kind, id);
    return { kind, id, version: 1, deleted: fields["deleted"] === true, fields, clocks };
  }
}
