// Wall times of nights. The pulled zone tables begin today; nights lie in the past, so here the browser's own zone data say what
// the clock showed. They are for reading only: nothing rings by them.

/** The wall time of an instant in a zone, such as `2026-11-21T23:10:00`; in UTC where the browser does not know the zone. */
export function wallAt(atMs: number, zone: string): string {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const { year = "", month = "", day = "", hour = "", minute = "", second = "" } = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** Minutes since midnight of a wall time. */
export function minuteOfDay(wall: string): number {
  return Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16)) + Number(wall.slice(17, 19)) / 60;
}

/** "07:05" of minutes since any midnight. */
export function clockOf(minutes: number): string {
  const whole = modulo(Math.round(minutes), 1440);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** Making a formatter costs a millisecond. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) formats.set(zone, (found = made(zone)));
  return found;
}

function made(zone: string): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  };
  try {
    return new Intl.DateTimeFormat("en", { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
  }
}
