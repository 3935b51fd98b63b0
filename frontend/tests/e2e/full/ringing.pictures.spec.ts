import type { Page } from "@playwright/test";
import { ApiClient, expect, test } from "../fixtures";
import { ringIn, ringOf } from "../rings";
test.use({ trace: "off", screenshot: "off" });
const P = "/tmp/ringing/pics/";
async function shoot(page: Page, name: string, sizes = [[360, 740], [1280, 800]]) {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [width, height] of sizes) {
    await page.setViewportSize({ width: width!, height: height! });
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${P}${name}-${width}-${theme}.png` });
  }}
}
test("start latency", async ({ app, context, host, person }) => {
  const api = await ApiClient.of(host, person);
  await app.evaluate(() => {
    const start = AudioBufferSourceNode.prototype.start;
    const w = window as unknown as { began: number; shownAt: number };
    AudioBufferSourceNode.prototype.start = function (...a) { w.began = performance.timeOrigin + performance.now(); return start.apply(this, a as []); };
    new MutationObserver(() => { if (document.querySelector("[role=alertdialog]") && !w.shownAt) w.shownAt = performance.timeOrigin + performance.now(); }).observe(document, { subtree: true, childList: true });
  });
  const { at } = await ringIn(api, 12);
  await app.waitForTimeout(3000);
  await context.setOffline(true);
  await expect(ringOf(app)).toBeVisible({ timeout: 20000 });
  await app.waitForTimeout(1500);
  const r = await app.evaluate(() => { const w = window as unknown as { began: number; shownAt: number }; return [w.began, w.shownAt]; });
  console.log("after the instant: sound", r[0]! - at, "ms, screen", r[1]! - at, "ms");
});
test("pictures", async ({ app, context, host, person }) => {
  test.setTimeout(240_000);
  const api = await ApiClient.of(host, person);
  await app.goto("/bedside");
  await shoot(app, "bedside");
  await app.getByRole("button", { name: "Start" }).click();
  await ringIn(api, 3600, { label: "Early train" });
  await app.waitForTimeout(800);
  await shoot(app, "night");
  await app.goto("/");
  await ringIn(api, 4, { ring: { timeout_minutes: 1, ramp_seconds: 0 } });
  await app.close();
  const page = await context.newPage();
  await page.goto("/");
  await page.waitForTimeout(7000);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.screenshot({ path: `${P}locked-360-light.png` });
  await page.waitForTimeout(56000);
  await shoot(page, "missed");
});
