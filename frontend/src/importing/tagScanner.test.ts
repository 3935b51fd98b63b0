// Tags come out the same however the text is cut, and bad ones cost no others.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributesOf, LONGEST_TAG, TagScanner, type Tag } from "./tagScanner";

function tagsIn(pieces: readonly string[], name = "Record"): Tag[] {
  const tags: Tag[] = [];
  const scanner = new TagScanner({ isWanted: (text, at) => text.startsWith(name, at + 1), onTag: (tag) => tags.push(tag) });
  for (const piece of pieces) scanner.push(piece);
  scanner.end();
  return tags;
}

const AWKWARD = `<?xml version="1.0"?>
<!DOCTYPE HealthData [
<!-- Any Records that aren't <Record a="in a comment"/> ] -->
<!ELEMENT HealthData (Record*)>
<!ENTITY bomb "<Record a='in an entity'/> ]>">
<!ATTLIST Record type CDATA #REQUIRED>
] >
<HealthData>
 <Record a="1 > 0" b='say "so"'/>
 <!-- <Record a="out"/> -- > -->
 <![CDATA[ <Record a="cdata"/> ]] ]]>
 <Record a="never closed />
 <Record a="2">text</Record>
</HealthData>`;

describe("finding tags", () => {
  it("passes over comments, CDATA, instructions and declarations, and reads > in quotes", () => {
    expect(tagsIn([AWKWARD]).map(({ text, line, isBroken }) => [text.trim(), line, isBroken])).toEqual([
      [`<Record a="1 > 0" b='say "so"'/>`, 9, false],
      [`<Record a="never closed />`, 12, true],
      [`<Record a="2">`, 13, false],
    ]);
  });

  it("finds the same whether the text comes whole, letter by letter or cut in two anywhere", () => {
    const whole = tagsIn([AWKWARD]);
    expect(tagsIn(Array.from(AWKWARD))).toEqual(whole);
    for (let cut = 1; cut < AWKWARD.length; cut++) {
      expect(tagsIn([AWKWARD.slice(0, cut), AWKWARD.slice(cut)])).toEqual(whole);
    }
  });

  it("finds the same in any text cut anywhere", () => {
    const part = fc.constantFrom(
      ...Array.from("<>!-[]?/\"'= \n"),
      "<Record ",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<!DOCTYPE x [",
      "/>",
      "</Record>",
      "<?x",
      "?>",
      'a="b"',
      "word",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), fc.array(fc.nat(120), { maxLength: 12 }), (parts, cuts) => {
        const text = parts.join("");
        const at = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        expect(tagsIn(at.slice(1).map((end, index) => text.slice(at[index], end)))).toEqual(tagsIn([text]));
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives up a tag that is too long, keeps little of it, and goes on behind it", () => {
    const long = `<Record a="${"x".repeat(3 * LONGEST_TAG)}"/>`;
    const [first, second] = tagsIn([long.slice(0, 70_000), long.slice(70_000), `<Record b="1"/>`]);
    expect(first).toMatchObject({ isBroken: true });
    expect(first?.text.length).toBeLessThan(300);
    expect(second).toEqual({ text: `<Record b="1"/>`, line: 1, isBroken: false });
    expect(tagsIn([`${long}<Record b="1"/>`])).toEqual([first, second]);
  });

  it("counts lines over pieces", () => {
    expect(tagsIn(["\n\n", "\n<a>\n</a>", "\n<Record/>"]).map(({ line }) => line)).toEqual([6]);
  });
});

describe("attributes", () => {
  it("are read in any order and quotes, with XML's own entities decoded", () => {
    const read = attributesOf(`<Record  b = "&lt;&amp;&#233;&#x1F600;&quot;"\n a='it&apos;s "so"' />`);
    expect([...(read ?? [])]).toEqual([
      ["b", '<&é😀"'],
      ["a", `it's "so"`],
    ]);
  });

  it("leaves names of entities that somebody declared as they stand, and numbers that are no character", () => {
    expect(attributesOf(`<a b="&bomb;&#0;&#x110000;"/>`)?.get("b")).toBe("&bomb;&#0;&#x110000;");
  });

  it("are refused when they are not well formed", () => {
    for (const tag of [`<a b>`, `<a b=c>`, `<a b="1"c="2">`, `<a b="1" / >`, `<>`, `<a b="1"`]) {
      expect([tag, attributesOf(tag)]).toEqual([tag, null]);
    }
  });
});
