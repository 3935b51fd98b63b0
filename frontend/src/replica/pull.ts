// Fetches what is new, page by page; each page replaces what base knew, together with the cursor it leads to.
import { unwrap } from "idb";
import { greatest } from "../sync/clock";
import type { Round, RoundPorts } from "./engine";
import { ALL_STORES, putMeta, readMeta } from "./database";
import { call, UNANSWERED } from "./http";
import type { Measured } from "./offset";
import { dropProvisional, judgeLost } from "./outcomes";
import { prune } from "./prune";
import type { BaseRecord } from "./records";
import { touched, type Topic } from "./topics";
import type { ZoneTable } from "./types";

const LIMIT = 200;
const START = "0";
/** Pages of one round: 100,000 changes. */
const MOST_PAGES = 500;

interface Page {
  readonly changes: readonly BaseRecord[];
  readonly cursor: string;
  readonly more: boolean;
  readonly zones: Readonly<Record<string, ZoneTable>>;
  readonly server_time?: string;
}

export async function pullAll(ports: RoundPorts, offset: Measured): Promise<Round> {
  let cursor = (await ports.disk.read("cursor")) ?? START;
  /** After a 410: pages wait here until all are there, so that nobody is left without alarms in between. */
  let afresh: Page[] | null = null;
  /** A page is written while the next one is on its way. */
  let storing = Promise.resolve(true);
  try {
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const answer = await call(ports, "GET", `/sync/pull?cursor=${encodeURIComponent(cursor)}&limit=${LIMIT}`);
      if (answer.type !== "answered") return answer;
      if (answer.status === 410 && !afresh && cursor !== START) {
        afresh = [];
        cursor = START;
        continue;
      }
      const page = answer.status === 200 ? readPage(answer.json) : null;
      if (!page || !(await storing)) return UNANSWERED("server");
      if (page.server_time !== undefined) {
        const isMoved = await offset.take(Date.parse(page.server_time), answer.sentAt, answer.receivedAt);
        if (isMoved) ports.changed.add("state");
      }
      if (afresh) afresh.push(page);
      else storing = store(ports, [page], cursor);
      cursor = page.cursor;
      if (page.more) continue;
      if (afresh) storing = store(ports, afresh, null);
      return (await storing) && (await finish(ports)) ? { type: "done" } : UNANSWERED("server");
    }
    return UNANSWERED("server");
  } finally {
    await storing.catch(() => false); // the round ends with its last write, however it ends
  }
}

/** Write pages. `from`: the cursor that they follow; null drops all that base knew. False when another tab was faster. */
async function store(ports: RoundPorts, pages: readonly Page[], from: string | null): Promise<boolean> {
  const tx = await ports.disk.begin(["base", "meta"], ports.userId);
  if (!tx) return false;
  if (from !== null && ((await readMeta(tx, "cursor")) ?? START) !== from) {
    await tx.done;
    return false;
  }
  const topics = new Set<Topic>();
  if (from === null) {
    await tx.objectStore("base").clear();
    for (const kind of ["alarm", "skip", "settings", "profile", "device"]) note(kind, topics);
  }
  let seen = await readMeta(tx, "seen_clock");
  const zones = { ...(await readMeta(tx, "zones")) };
  const base = unwrap(tx.objectStore("base"));
  for (const page of pages) {
    for (const change of page.changes) {
      write(base, change);
      note(change.kind, topics);
      seen = greatest([seen, ...Object.values(change.clocks)]) ?? seen;
    }
    Object.assign(zones, page.zones);
    if (Object.keys(page.zones).length) topics.add("zones");
  }
  if (seen !== undefined) await putMeta(tx, "seen_clock", seen);
  await putMeta(tx, "zones", zones);
  await putMeta(tx, "cursor", pages.at(-1)!.cursor);
  await tx.done;
  for (const topic of topics) ports.changed.add(topic);
  return true;
}

/** Without a promise for each of thousands: a write that fails aborts the transaction, and its end is awaited. */
function write(base: IDBObjectStore, { kind, id, version, deleted, fields, clocks }: BaseRecord): void {
  if (kind !== "occurrence") base.put({ kind, id, version, deleted, fields, clocks });
  else if (deleted)
    base.delete([kind, id]); // nobody writes to it: no clock of it is needed
  else base.put({ kind, id, version, deleted, fields, clocks, at: fields["at"] as string });
}

/** False when somebody signed out meanwhile. */
async function finish({ disk, userId, changed, now }: RoundPorts): Promise<boolean> {
  const tx = await disk.begin(ALL_STORES, userId);
  if (!tx) return false;
  await judgeLost(tx);
  for (const kind of await dropProvisional(tx)) note(kind, changed);
  await tx.objectStore("meta").delete("unpulled");
  await putMeta(tx, "pulled_at", now());
  if (await prune(tx, now())) changed.add("occurrence");
  await tx.done;
  changed.add("state");
  return true;
}

function note(kind: string, topics: Set<Topic>): void {
  for (const topic of touched(kind)) topics.add(topic);
}

function readPage(json: unknown): Page | null {
  const page = json as Partial<Page> | null;
  const isPage = page && Array.isArray(page.changes) && typeof page.cursor === "string";
  return isPage ? ({ more: false, zones: {}, ...page } as Page) : null;
}
