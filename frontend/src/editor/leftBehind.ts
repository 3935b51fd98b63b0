// What was typed and not saved when the person went away: kept for as long as the app is open, so that they can go back.
import type { Touched } from "./draft";

interface LeftBehind {
  readonly alarmId: string | null;
  readonly touched: Touched;
}

let leftBehind: LeftBehind | null = null;

export function leaveBehind(alarmId: string | null, touched: Touched): void {
  leftBehind = { alarmId, touched };
}

/** To go back to them: the next editor of this alarm starts with these. */
export function takeLeftBehind(alarmId: string | null): Touched {
  const found = leftBehind?.alarmId === alarmId ? leftBehind.touched : {};
  leftBehind = null;
  return found;
}
