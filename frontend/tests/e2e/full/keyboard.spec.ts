// From making an alarm to dismissing it without ever touching a pointer.
import type { Page } from "@playwright/test";
import { ApiClient, expect, test } from "../fixtures";

test.setTimeout(180_000);

test("create, ring, snooze and dismiss by the keyboard alone", async ({ app, host, person }) => {
  await tabTo(app, /new alarm|set (your first|an) alarm|first alarm/i);
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { level: 1, name: /new alarm/i })).toBeFocused();

  const due = new Date(Date.now() + 75_000);
  // Chromium's own time field speaks the language of the browser, whatever the page: here English, with AM and PM.
  const wall = new Intl.DateTimeFormat("en-US", { timeZone: "Europe/Madrid", hour: "2-digit", minute: "2-digit" }).format(
    due,
  );
  await tabTo(app, /^time/i);
  await app.keyboard.type(wall.replace(/[^0-9APM]/g, ""));
  await tabTo(app, /^(label|name)/i);
  await app.keyboard.type("By keyboard");
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { level: 1 })).not.toHaveText(/new alarm/i);

  const ring = app.getByRole("alertdialog");
  await ring.waitFor({ timeout: 100_000 });
  await expect.poll(() => focusIsIn(app, "[role=alertdialog]")).toBe(true);
  await app.waitForTimeout(1_200); // keys of the first second are taken for typing that the ring broke into
  await tabTo(app, /snooze/i);
  await app.keyboard.press("Enter");
  await ring.waitFor({ state: "hidden" });

  // What the server knows is what counts. It can be dismissed while it is snoozed: Today offers that.
  const client = await ApiClient.of(host, person);
  const state = async () => (await client.call<{ items: { state: string }[] }>("GET", "/occurrences")).items[0]?.state;
  await expect.poll(state).toBe("snoozed");
  await tabTo(app, /^today$/i);
  await app.keyboard.press("Enter");
  await tabTo(app, /dismiss|turn (it )?off|stop/i);
  await app.keyboard.press("Enter");
  await expect.poll(state).toBe("dismissed");
});

/** Press Tab until the focus is on what is named so; whoever uses a keyboard has to be able to get there. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let press = 0; press < 60; press += 1) {
    const focused = page.locator(":focus");
    if ((await focused.count()) > 0) {
      const named = await focused.evaluate((element) => {
        const labels =
          "labels" in element ? [...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent) : [];
        return [element.getAttribute("aria-label"), ...labels, element.textContent].filter(Boolean).join(" ");
      });
      const isControl = await focused.evaluate((element) => element.matches("a, button, input, select, textarea"));
      if (isControl && name.test(named.trim())) return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to ${String(name)}.`);
}

async function focusIsIn(page: Page, selector: string): Promise<boolean> {
  return await page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector);
}
