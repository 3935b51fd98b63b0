// Tells the server that this device showed or sounded a ring. Once each, tried a few times, never in the way of the ring.

export type ReportEvent = "shown" | "heard";
/** "again": no connection, or the server does not know the ring yet because this device was first. */
export type SendReport = (occurrenceId: string, event: ReportEvent, at: string) => Promise<"done" | "again">;

export interface ReportPorts {
  readonly send: SendReport;
  readonly wait: (ms: number) => Promise<void>;
  readonly random: () => number;
  /** Server-corrected, epoch milliseconds. */
  readonly now: () => number;
}

const WAITS_MS = [1_000, 3_000, 9_000, 27_000];
const MAX_REMEMBERED = 200;

export function createReports(ports: ReportPorts): (occurrenceId: string, ring: number, event: ReportEvent) => void {
  const made = new Set<string>();
  return (occurrenceId, ring, event) => {
    const key = `${occurrenceId} ${ring} ${event}`;
    if (made.has(key)) return;
    made.add(key);
    if (made.size > MAX_REMEMBERED) made.delete([...made][0]!);
    void tell(ports, occurrenceId, event, new Date(ports.now()).toISOString());
  };
}

async function tell(ports: ReportPorts, occurrenceId: string, event: ReportEvent, at: string): Promise<void> {
  for (const wait of [...WAITS_MS, null]) {
    const outcome = await ports.send(occurrenceId, event, at).catch(() => "again" as const);
    if (outcome === "done" || wait === null) return;
    await ports.wait(wait * (0.75 + ports.random() / 2));
  }
}
