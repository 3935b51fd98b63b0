// Tells the server that this device showed or sounded a ring: once each, never in the way of the ring, and not lost when
// the server cannot be reached, for the ledger must not say later that nothing rang.

export type ReportEvent = "shown" | "heard";
/** "again": the server does not know the ring yet, for this device was first. "unreachable": no connection, or no answer. */
export type SendReport = (occurrenceId: string, event: ReportEvent, at: string) => Promise<"done" | "again" | "unreachable">;

export interface Report {
  readonly occurrenceId: string;
  readonly ring: number;
  readonly event: ReportEvent;
  readonly at: string;
}

export interface ReportPorts {
  readonly send: SendReport;
  /** Put it where it waits for the server, over a reload too. */
  readonly keep: (report: Report) => Promise<void>;
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
    void tell(ports, { occurrenceId, ring, event, at: new Date(ports.now()).toISOString() }).catch(() => undefined);
  };
}

async function tell(ports: ReportPorts, report: Report): Promise<void> {
  for (const wait of [...WAITS_MS, null]) {
    const outcome = await ports.send(report.occurrenceId, report.event, report.at).catch(() => "unreachable" as const);
    if (outcome === "done") return;
    if (outcome === "unreachable" || wait === null) return ports.keep(report);
    await ports.wait(wait * (0.75 + ports.random() / 2));
  }
}
