// A picture of every screen, in both themes at three widths.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { signIn, test } from "../e2e/fixtures";
import { choose, furnish, quiet } from "../e2e/tour";

const FOLDER = new URL("../../../docs/screens/", import.meta.url).pathname;
const WIDTHS = [
  { width: 360, height: 740 },
  { width: 768, height: 1_024 },
  { width: 1_280, height: 800 },
] as const;
const THEMES = ["light", "dark"] as const;

test("take a picture of every screen", async ({ app, browser, host, person }) => {
  mkdirSync(FOLDER, { recursive: true });
  for (const old of readdirSync(FOLDER).filter((name) => name.endsWith(".png"))) rmSync(join(FOLDER, old));
  const { stops } = await furnish(host, person);
  await app.close();
  for (const theme of THEMES) {
    await choose(host, person, { theme });
    for (const viewport of WIDTHS) {
      const context = await browser.newContext({ baseURL: host.url, colorScheme: theme, viewport, reducedMotion: "reduce" });
      const page = await context.newPage();
      await page.goto("/sign-up");
      await page.locator("main h1").waitFor();
      await page.screenshot({ path: join(FOLDER, `sign-up-${theme}-${viewport.width}.png`) });
      await signIn(page, person);
      for (const stop of stops) {
        await stop.open(page);
        await page.screenshot({ path: join(FOLDER, `${stop.name}-${theme}-${viewport.width}.png`) });
        if (stop.name === "ringing") await quiet(host, person);
      }
      await context.close();
      console.log(`  ${theme}, ${viewport.width} px: ${stops.length + 1} pictures`);
    }
  }
});
