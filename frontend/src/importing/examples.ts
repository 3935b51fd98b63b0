// Example tables to download: last night, made up. They can be imported as they are.

const HOUR = 3_600_000;
const CYCLE = [
  ["light", 30],
  ["deep", 20],
  ["light", 20],
  ["rem", 18],
  ["wake", 2],
] as const;

export type Example = "stages" | "counts";

export function exampleOf(kind: Example, nowMs: number): string {
  const start = Math.floor(nowMs / HOUR) * HOUR - 12 * HOUR;
  return kind === "stages" ? stages(start) : counts(start);
}

export function saveExample(kind: Example): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([exampleOf(kind, Date.now())], { type: "text/csv" }));
  link.download = `smart-alarm-${kind}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it only after the click
}

function stages(start: number): string {
  let at = start;
  const rows = Array.from({ length: 5 }, () => CYCLE)
    .flat()
    .map(([stage, minutes]) => `${timeText(at)},${timeText((at += minutes * 60_000))},${stage}`);
  return ["start,end,stage", ...rows, ""].join("\n");
}

/** Still, but for a turn in bed every quarter of an hour. */
function counts(start: number): string {
  const rows = Array.from({ length: 900 }, (_, n) => {
    const isTurning = n % 30 < 2;
    return `${timeText(start + n * 30_000)},${isTurning ? 60 - (n % 7) * 5 : 0},${52 + (n % 180 < 40 ? 8 : n % 3)}`;
  });
  return ["time,count,heart_rate", ...rows, ""].join("\n");
}

function timeText(atMs: number): string {
  return new Date(atMs).toISOString().replace(".000Z", "Z");
}
