// When a night was, as this person reads it: in the zone it was slept in, under the day of its end.
import { formatDate, formatTime, type ClockStyle } from "../ui/clock";
import { offsetsOf, wallText } from "./instants";
import type { Night } from "./sleepRecords";

const UTC = () => 0;

export function nightInWords(night: Night, clock: ClockStyle): { readonly day: string; readonly times: string } {
  const offsetAt = offsetsOf(night.zone) ?? UTC;
  const [start, end] = [wallText(night.startMs, offsetAt), wallText(night.endMs, offsetAt)];
  return {
    day: formatDate(end, clock.locale),
    times: `${formatTime(start, clock)} – ${formatTime(end, clock)}`,
  };
}
