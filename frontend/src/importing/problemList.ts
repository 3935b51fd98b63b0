// Collects what is wrong: the first fifty as they are, the rest as a number.
import type { Problem, ProblemCode, Problems } from "./sleepRecords";

export const MOST_SHOWN = 50;
const LONGEST_WRITTEN = 60;

export class ProblemList {
  readonly #first: Problem[] = [];
  #count = 0;

  add(code: ProblemCode, line: number, written: string | null = null): void {
    this.#count += 1;
    if (this.#first.length < MOST_SHOWN) this.#first.push({ code, line, written: written && shortened(written) });
  }

  get(): Problems {
    return { first: this.#first, count: this.#count };
  }
}

/** One line of what is written, without what cannot be seen. */
function shortened(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST_WRITTEN)
    .replaceAll(/[\s\p{C}]+/gu, " ")
    .trim();
  const characters = Array.from(line);
  return characters.length > LONGEST_WRITTEN ? `${characters.slice(0, LONGEST_WRITTEN).join("")}…` : line;
}
