// Rows of a CSV file, whatever stands between its values. RFC 4180, and what spreadsheets make of it.

export interface Row {
  readonly cells: readonly string[];
  readonly line: number;
  /** A quotation mark opens and never closes: the row ends with its line. */
  readonly isBroken: boolean;
}

export type Delimiter = "," | ";" | "\t" | "|";
const DELIMITERS: readonly Delimiter[] = [",", ";", "\t", "|"];
/** So far a value in quotes may go over lines. */
const LONGEST_QUOTED = 1_000;

/** The one that cuts the first row into most values. */
export function delimiterOf(text: string): Delimiter {
  const first = /^(?:[ \t]*\r?\n)*([^\r\n]*)/.exec(text)?.[1] ?? "";
  const counts = DELIMITERS.map((one) => first.split(one).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** The rows that are not empty, and no comments (lines that begin with #). */
export function* rowsOf(text: string, delimiter: Delimiter): Generator<Row> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const read = readRow(text, at, delimiter);
    const cells = read.cells.map((cell) => cell.trim());
    if (cells.some((cell) => cell !== "") && !cells[0]?.startsWith("#")) yield { cells, line, isBroken: read.isBroken };
    line += read.lines;
    at = read.end;
  }
}

interface ReadRow {
  readonly cells: readonly string[];
  readonly end: number;
  readonly lines: number;
  readonly isBroken: boolean;
}

function readRow(text: string, from: number, delimiter: Delimiter): ReadRow {
  const lineEnd = endOfLine(text, from);
  const line = text.slice(from, lineEnd.at);
  if (!line.includes('"')) return { cells: line.split(delimiter), end: lineEnd.next, lines: 1, isBroken: false };
  const cells: string[] = [];
  let at = from;
  let lines = 1;
  for (;;) {
    const cell = readCell(text, at, delimiter);
    if (cell === null) return { cells: line.split(delimiter), end: lineEnd.next, lines: 1, isBroken: true };
    cells.push(cell.value);
    lines += cell.lines;
    if (text[cell.end] !== delimiter) return { cells, end: endOfLine(text, cell.end).next, lines, isBroken: false };
    at = cell.end + 1;
  }
}

/** Null when its quotation mark never closes. */
function readCell(
  text: string,
  from: number,
  delimiter: Delimiter,
): { readonly value: string; readonly end: number; readonly lines: number } | null {
  let at = from;
  while (text[at] === " ") at += 1;
  if (text[at] !== '"') {
    const end = endOfCell(text, from, delimiter);
    return { value: text.slice(from, end), end, lines: 0 };
  }
  let value = "";
  for (at += 1; ;) {
    const closes = text.indexOf('"', at);
    if (closes < 0 || closes - from > LONGEST_QUOTED) return null;
    value += text.slice(at, closes);
    if (text[closes + 1] !== '"') {
      const end = endOfCell(text, closes + 1, delimiter);
      return { value, end, lines: text.slice(from, closes).split("\n").length - 1 };
    }
    value += '"';
    at = closes + 2;
  }
}

function endOfCell(text: string, from: number, delimiter: Delimiter): number {
  const cell = text.indexOf(delimiter, from);
  const line = endOfLine(text, from).at;
  return cell >= 0 && cell < line ? cell : line;
}

function endOfLine(text: string, from: number): { readonly at: number; readonly next: number } {
  const feed = text.indexOf("\n", from);
  if (feed < 0) return { at: text.length, next: text.length };
  return { at: text[feed - 1] === "\r" && feed > from ? feed - 1 : feed, next: feed + 1 };
}
