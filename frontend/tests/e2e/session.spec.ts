// Staying signed in: one refresh for all tabs, a lost answer, signing out of all tabs at once.
import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "./fixtures";

function refreshes(context: BrowserContext): string[] {
  const seen: string[] = [];
  context.on("request", (request) => {
    if (request.url().includes("/auth/refresh")) seen.push(request.url());
  });
  return seen;
}

async function isPulled(page: Page): Promise<void> {
  await page.waitForResponse((response) => response.url().includes("/sync/pull") && response.ok());
}

/** Load the app in a page that has forgotten its token, and wait for a pull of that load: not one still under way before. */
async function loadedAnew(page: Page): Promise<void> {
  await page.goto("about:blank");
  await Promise.all([isPulled(page), page.goto("/")]);
}

test("a first load without a session calls nothing", async ({ page }) => {
  const calls: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/")) calls.push(request.url());
  });
  await page.goto("/");
  await expect(page.locator('input[type="password"]')).toBeVisible();
  await page.waitForTimeout(500);
  expect(calls).toEqual([]);
});

test("tabs share one access token", async ({ app }) => {
  const seen = refreshes(app.context());
  const tabs = await Promise.all([1, 2, 3].map(() => app.context().newPage()));
  await Promise.all(tabs.map((tab) => Promise.all([isPulled(tab), tab.goto("/")])));
  expect(seen).toEqual([]);
  await app.goto("about:blank");
  await Promise.all(tabs.map((tab) => tab.goto("about:blank")));
  await Promise.all(tabs.map((tab) => Promise.all([isPulled(tab), tab.goto("/")])));
  expect(seen).toHaveLength(1);
});

test("an answer that is lost on its way signs nobody out", async ({ app }) => {
  let lost = 0;
  await app.context().route("**/auth/refresh*", async (route) => {
    if (lost++) return route.continue();
    await route.fetch(); // the server has turned the token over
    return route.abort();
  });
  await loadedAnew(app);
  expect(lost).toBeGreaterThan(1);
  await loadedAnew(app);
  await expect(app.getByRole("navigation").first()).toBeVisible();
});

test("signing out empties the browser and all its tabs", async ({ app }) => {
  const other = await app.context().newPage();
  await Promise.all([isPulled(other), other.goto("/")]);
  await app.goto("/settings");
  await app.getByRole("button", { name: /sign out/i }).click();
  const sure = app.getByRole("dialog").getByRole("button", { name: /sign out/i });
  const password = app.locator('input[type="password"]');
  await expect(sure.or(password).first()).toBeVisible();
  if (await sure.isVisible()) await sure.click();
  for (const page of [app, other]) await expect(page.locator('input[type="password"]')).toBeVisible();
  const left = await other.evaluate(
    () =>
      new Promise<number>((counted) => {
        const opening = indexedDB.open("smartalarm");
        opening.onsuccess = () => {
          const stores = [...opening.result.objectStoreNames];
          const tx = opening.result.transaction(stores);
          const counts = stores.map((store) => tx.objectStore(store).count());
          tx.oncomplete = () => counted(counts.reduce((sum, { result }) => sum + result, 0));
        };
      }),
  );
  expect(left).toBe(0);
});
