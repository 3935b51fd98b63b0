// Finds the tags in XML that comes in pieces, in memory that does not grow with it. No entity is ever expanded.

/** No tag of an export comes near this; one that is longer is a fault, and not kept. */
export const LONGEST_TAG = 64 * 1024;
const DECLARATION = "<![CDATA[".length;

export interface Tag {
  /** From "<" on, up to and with ">"; or, of a broken one, what there is of it. */
  readonly text: string;
  readonly line: number;
  readonly isBroken: boolean;
}

interface Options {
  /** Whether the tag whose "<" stands at `at` is wanted; all others are passed over without a look. */
  readonly isWanted: (text: string, at: number) => boolean;
  readonly onTag: (tag: Tag) => void;
}

/** What is passed over until its end comes: a comment, CDATA, an instruction, or text up to the next tag. */
type Skipping = "-->" | "]]>" | "?>" | "<" | null;

/**
 * Push text, then end. A tag ends at the ">" that is not in quotes; since no "<" may stand inside a tag, the next "<"
 * is also where a broken one is given up, so that one bad record costs no other.
 */
export class TagScanner {
  readonly #options: Options;
  #rest = "";
  #line = 1;
  #skipping: Skipping = null;
  /** Inside the brackets of the document type, where declarations stand. */
  #isInSubset = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The line that was read last, from 1. */
  get line(): number {
    return this.#line;
  }

  push(text: string): void {
    this.#read(this.#rest + text, false);
  }

  /** Nothing more comes. */
  end(): void {
    this.#read(this.#rest, true);
    this.#rest = "";
  }

  #read(text: string, isLast: boolean): void {
    let at = 0;
    let ends = text.indexOf("\n"); // of the line that is counted
    const lineAt = (to: number): number => {
      for (; ends >= 0 && ends < to; ends = text.indexOf("\n", ends + 1)) this.#line += 1;
      return this.#line;
    };
    for (;;) {
      if (this.#skipping !== null) {
        const end = text.indexOf(this.#skipping, at);
        if (end < 0) {
          at = this.#skipping === "<" ? text.length : Math.max(at, text.length - 2); // an end may come in two pieces
          break;
        }
        at = this.#skipping === "<" ? end : end + this.#skipping.length;
        this.#skipping = null;
      }
      const opens = this.#nextOpening(text, at);
      if (opens < 0) {
        at = text.length;
        break;
      }
      at = opens;
      const step = this.#step(text, at, isLast, lineAt);
      if (step === null) break;
      at = step;
    }
    lineAt(at);
    this.#rest = text.slice(at);
  }

  /** Where the next "<" stands; leaves the document type's brackets when they close before it. */
  #nextOpening(text: string, at: number): number {
    const opens = text.indexOf("<", at);
    if (this.#isInSubset) {
      const closes = text.indexOf("]", at);
      if (closes >= 0 && (opens < 0 || closes < opens)) this.#isInSubset = false;
    }
    return opens;
  }

  /** Where to go on behind what begins at `at`; null when its end is still to come. */
  #step(text: string, at: number, isLast: boolean, lineAt: (to: number) => number): number | null {
    const second = text[at + 1];
    if (second === undefined) return isLast ? text.length : null;
    if (second === "?") return this.#skip("?>", at + 2);
    if (second === "!") return this.#declaration(text, at, isLast);
    const next = text.indexOf("<", at + 1);
    const isOver = next >= 0 || isLast;
    if (!isOver && text.length - at <= LONGEST_TAG) return null;
    const until = next >= 0 ? next : text.length;
    if (this.#options.isWanted(text, at)) {
      const end = endOfTag(text, at + 1, Math.min(until, at + LONGEST_TAG));
      this.#options.onTag({
        text: text.slice(at, end ?? Math.min(until, at + 200)),
        line: lineAt(at),
        isBroken: end === null,
      });
    }
    if (next < 0) this.#skipping = isLast ? null : "<";
    return until;
  }

  #declaration(text: string, at: number, isLast: boolean): number | null {
    if (text.length - at < DECLARATION && !isLast) return null;
    if (text.startsWith("<!--", at)) return this.#skip("-->", at + 4);
    if (text.startsWith("<![CDATA[", at)) return this.#skip("]]>", at + DECLARATION);
    const isDocumentType = text.startsWith("<!DOCTYPE", at);
    const end = endOfTag(text, at + 2, Math.min(text.length, at + LONGEST_TAG), isDocumentType);
    if (end === null) {
      if (!isLast && text.length - at <= LONGEST_TAG) return null;
      this.#skipping = isLast ? null : "<"; // a declaration that never ends: nothing in it is of use
      return isLast ? text.length : at + 2;
    }
    if (isDocumentType && text[end - 1] === "[") this.#isInSubset = true;
    return end;
  }

  #skip(until: Skipping, from: number): number {
    this.#skipping = until;
    return from;
  }
}

/** Behind the ">" (or, if asked for, the "[") that stands in no quotes; null when there is none before `until`. */
function endOfTag(text: string, from: number, until: number, isBracketEnd = false): number | null {
  let quote = 0;
  for (let at = from; at < until; at++) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === DOUBLE || code === SINGLE) {
      quote = code;
    } else if (code === CLOSES || (isBracketEnd && code === BRACKET)) {
      return at + 1;
    }
  }
  return null;
}

const [DOUBLE, SINGLE, CLOSES, BRACKET] = [34, 39, 62, 91];

/** The attributes of a start tag, entities of XML itself decoded; null when they are not well formed. */
export function attributesOf(tag: string): ReadonlyMap<string, string> | null {
  const name = /^<[^\s/>"'=<]+/.exec(tag);
  if (!name) return null;
  const found = new Map<string, string>();
  let at = name[0].length;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const [whole, key, double, single] = ATTRIBUTE.exec(tag) ?? [];
    if (whole === undefined || key === undefined) break;
    found.set(key, decoded(double ?? single ?? ""));
    at += whole.length;
  }
  return /^\s*\/?>$/.test(tag.slice(at)) ? found : null;
}

const ATTRIBUTE = /\s+([^\s=/>"'<]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** XML's five names and numbers; any other name stays as it is written, as nobody's declarations are followed. */
function decoded(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === "string") return NAMED[name] ?? whole;
    const code = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
