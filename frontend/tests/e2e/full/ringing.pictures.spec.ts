import type { Page } from "@playwright/test";
import { ApiClient, expect, test } from "../fixtures";
const IN_MADRID = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Madrid", dateStyle: "short", timeStyle: "medium" });
async function ringIn(api: ApiClient, seconds: number, more: object = {}) {
  const at = Math.ceil(Date.now() / 1000) * 1000 + seconds * 1000;
  const start = IN_MADRID.format(at).replace(" ", "T");
  await api.call("POST", "/alarms", {
    label: "Work",
    schedule: { start },
    time_zone: "Europe/Madrid",
    ring: { ramp_seconds: 0 },
    ...more,
  });
}
const P = "/tmp/ringing/pics/";
async function shoot(
  page: Page,
  name: string,
  sizes = [
    [360, 740],
    [1280, 800],
  ],
) {
  for (const [width, height] of sizes)
    for (const theme of ["light", "dark"] as const) {
      await page.setViewportSize({ width: width!, height: height! });
      await page.emulateMedia({ colorScheme: theme });
      await page.waitForTimeout(150);
      await page.screenshot({ path: `${P}${name}-${width}-${theme}.png` });
    }
}
test("pictures", async ({ app, host, person }) => {
  test.setTimeout(240_000);
  const api = await ApiClient.of(host, person);
  const ring = app.getByRole("alertdialog");
  await ringIn(api, 3, { label: "Swimming with Anna", instructions: "Bag is by the door.\nTake the 7:40 bus." });
  await expect(ring).toBeVisible({ timeout: 15000 });
  await shoot(app, "ring", [
    [360, 740],
    [768, 1024],
    [1280, 800],
  ]);
  await app.keyboard.press("d");
  await expect(ring).toBeHidden();
  for (const challenge of ["math", "hold", "memory", "shake"]) {
    await ringIn(api, 2, {
      label: challenge,
      ring: { challenge, ramp_seconds: 0 },
      snooze: { minutes: 9, limit: challenge === "math" ? 3 : 0 },
    });
    await expect(ring).toBeVisible({ timeout: 15000 });
    if (challenge === "hold") await shoot(app, "limit");
    await ring.getByRole("button", { name: "Dismiss" }).click();
    await shoot(app, challenge);
    if (challenge === "hold") {
      await ring.getByRole("button", { name: /Hold this/ }).focus();
      await app.keyboard.down(" ");
    } else {
      await ring.getByRole("button", { name: /Hold this/ }).focus();
      await app.keyboard.down("Enter");
    }
    await expect(ring).toBeHidden({ timeout: 15000 });
    await app.keyboard.up(" ");
    await app.keyboard.up("Enter");
  }
  await Promise.all([ringIn(api, 3), ringIn(api, 3, { label: "Water the plants on the balcony and in the kitchen" })]);
  await expect(ring).toBeVisible({ timeout: 15000 });
  await app.waitForTimeout(1500);
  await shoot(app, "two");
  await app.keyboard.press("d");
  await app.waitForTimeout(1100);
  await app.keyboard.press("d");
  await expect(ring).toBeHidden();
  await ringIn(api, 2, { ring: { timeout_minutes: 1, ramp_seconds: 0 } });
  await expect(ring).toBeVisible({ timeout: 15000 });
  await app.reload();
  await expect(ring).toBeVisible({ timeout: 15000 });
  await expect(ring.getByText("Tap for sound")).toBeVisible();
  await shoot(app, "locked");
  await expect(ring.getByText(/Missed/)).toBeVisible({ timeout: 65000 });
  await shoot(app, "missed");
});
