// axe on every screen, in both themes and all three languages: no violation.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { choose, furnish, quiet } from "../tour";

const LANGUAGES = ["en", "pt-BR", "es"] as const;
const THEMES = ["light", "dark"] as const;

test.setTimeout(600_000);

test("no screen has a violation that axe finds", async ({ app, browser, host, person }) => {
  const { stops } = await furnish(host, person);
  let screens = 0;
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      await choose(host, person, { theme, language });
      await app.goto("/");
      await expect(app.locator("html")).toHaveAttribute("data-theme", theme);
      await expect(app.locator("html")).toHaveAttribute("lang", language);
      for (const stop of stops) {
        await stop.open(app);
        await check(app, `${stop.name}, ${theme}, ${language}`);
        screens += 1;
        if (stop.name === "ringing") await quiet(host, person);
      }
      console.log(`  ${theme}, ${language}: ${stops.length} screens`);
    }
  }
  for (const colorScheme of THEMES) {
    for (const locale of LANGUAGES) {
      const context = await browser.newContext({ baseURL: host.url, colorScheme, locale });
      const page = await context.newPage();
      for (const path of ["/sign-in", "/sign-up"]) {
        await page.goto(path);
        await page.locator("main h1").waitFor();
        await check(page, `${path}, ${colorScheme}, ${locale}`);
        screens += 1;
      }
      await context.close();
    }
  }
  console.log(`axe: 0 violations on ${screens} screens`);
});

async function check(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join("; ")}`);
  expect.soft(told, name).toEqual([]);
}
