// The frame of the app: signing in, up and out, languages, themes, keys, what is said without a connection.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { ApiClient, expect, installed, newPerson, signIn, signUp, test } from "./fixtures";

test("an account is made, left and entered again, and wrong words are told at their field", async ({ page, person }) => {
  await page.goto("/sign-up");
  await page.locator('main button[type="submit"]').click();
  await expect(page.getByText("Please write your e-mail address.")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toBeFocused();

  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill("password");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Many people use this password")).toBeVisible();
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();

  await signUp(page, person);
  await expect(page).toHaveURL("/");
  await go(page, "Settings");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill("another one altogether");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("do not match");
  await signIn(page, person);

  await go(page, "Settings");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Create an account" }).click();
  await expect(page.getByRole("heading", { name: "Create your account" })).toBeFocused();
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await expect(page.getByText("There is already an account with this e-mail.")).toBeVisible();
});

test("language and theme switch while one looks, and reach the other device", async ({ app, host, person, browser }) => {
  await go(app, "Settings");
  await app.getByLabel("Language", { exact: true }).selectOption("es");
  await expect(app.getByRole("heading", { name: "Ajustes", level: 1 })).toBeVisible();
  await expect(app.locator("html")).toHaveAttribute("lang", "es");
  await app.getByRole("radio", { name: "Oscuro" }).check({ force: true });
  await expect(app.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(app.locator('meta[name="theme-color"]').first()).toHaveAttribute("content", "#11141b");

  const client = await ApiClient.of(host, person);
  await expect
    .poll(async () => (await client.call<{ settings: object }>("GET", "/me")).settings)
    .toMatchObject({ language: "es", theme: "dark" });

  const other = await browser.newContext({ baseURL: host.url });
  const page = await other.newPage();
  await signIn(page, person);
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.getByRole("link", { name: "Ajustes" })).toBeVisible();
  await other.close();
});

test("a language chosen at the door goes along into the account", async ({ page, host, person }) => {
  await page.goto("/sign-up");
  await page.getByLabel("Language").selectOption("pt-BR");
  await expect(page.getByRole("heading", { name: "Crie sua conta" })).toBeVisible();
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Senha", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Hoje" })).toBeFocused();
  const client = await ApiClient.of(host, person);
  await expect
    .poll(async () => (await client.call<{ settings: object }>("GET", "/me")).settings)
    .toMatchObject({ language: "pt-BR" });
});

test("simple mode leaves three places, and larger text stays after signing out", async ({ app }) => {
  const places = app.getByRole("navigation", { name: "Main" }).getByRole("link");
  await expect(places).toHaveCount(5);
  await go(app, "Settings");
  await app.getByLabel("Simple mode").check();
  await expect(places).toHaveCount(3);
  await app.getByLabel("Larger text").check();
  await expect(app.locator("html")).toHaveAttribute("data-text", "larger");
  await app.getByRole("button", { name: "Sign out" }).click();
  await expect(app.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await app.reload();
  await expect(app.locator("html")).toHaveAttribute("data-text", "larger");
});

test("without a connection it says so, keeps the change, and warns before signing out", async ({ app, context }) => {
  await go(app, "Settings");
  await installed(app);
  await context.setOffline(true);
  await app.getByLabel("High contrast").check();
  await expect(app.getByText("No connection.")).toBeVisible();
  await expect(app.getByText("1 change waits here to be sent.")).toBeVisible();
  await expect(app.getByText("Not sent yet")).toBeVisible();
  await app.getByRole("button", { name: "Sign out" }).click();
  const dialog = app.getByRole("dialog", { name: "Some changes are not sent yet" });
  await expect(dialog).toBeVisible();
  await context.setOffline(false);
  await dialog.getByRole("button", { name: "Stay signed in" }).click();
  await expect(app.getByText("Not sent yet")).toBeHidden();
  await expect(app.getByText("No connection.")).toBeHidden();
});

test("the keyboard alone is enough to get around", async ({ app }) => {
  await app.reload();
  await app.getByRole("heading", { level: 1, name: "Today" }).waitFor();
  await expect(app.locator("body")).toBeFocused(); // the first page is read from its top
  await app.keyboard.press("Tab");
  await expect(app.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { level: 1 })).toBeFocused();

  await tabTo(app, "Settings", "Shift+Tab");
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { level: 1, name: "Settings" })).toBeFocused();
  await expect(app).toHaveTitle(/^Settings/);

  await app.keyboard.press("?");
  await expect(app.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await app.keyboard.press("Escape");
  await app.keyboard.press("g");
  await app.keyboard.press("a");
  await expect(app).toHaveURL("/alarms");
  await app.keyboard.press("n");
  await expect(app).toHaveURL("/alarms/new");
  await app.goBack();
  await expect(app).toHaveURL("/alarms");

  await app.goto("/settings");
  await app.getByLabel("Name", { exact: true }).press("n");
  await expect(app).toHaveURL("/settings"); // never while typing
  await app.getByLabel("Single-key shortcuts").uncheck();
  await app.keyboard.press("n");
  await expect(app).toHaveURL("/settings"); // nor where they are off
});

test("an account is deleted only by its word, and is gone", async ({ app, person, page }) => {
  await go(app, "Settings");
  const file = app.waitForEvent("download");
  await app.getByRole("button", { name: "Download my data" }).click();
  expect((await file).suggestedFilename()).toMatch(/^smart-alarm-\d{4}-\d\d-\d\d\.json$/);

  await app.getByRole("button", { name: "Delete my account" }).click();
  const dialog = app.getByRole("dialog", { name: "Delete your account?" });
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog.getByText("Please write the word")).toBeVisible();
  await dialog.getByLabel("To confirm").fill("delete");
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("do not match");
});

test("who was signed out elsewhere signs in again, and nothing is lost meanwhile", async ({ app, host, person }) => {
  const client = await ApiClient.of(host, person);
  await client.call("POST", "/auth/logout", { everywhere: true });
  await app.goto("/settings");
  await expect(app.getByText("Please sign in again. What you changed here is kept")).toBeVisible();
  await app.getByLabel("High contrast").check();
  await app.getByRole("link", { name: "Sign in" }).click();
  await expect(app.getByRole("heading", { name: "Sign in again" })).toBeFocused();
  await expect(app.getByLabel("E-mail")).toHaveValue(person.email);
  await app.getByRole("link", { name: "Not now" }).click();
  await expect(app.getByRole("heading", { name: "Today", level: 1 })).toBeVisible();
  await app.goBack();
  await app.getByLabel("Password", { exact: true }).fill(person.password);
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { name: "Today", level: 1 })).toBeFocused();
  await expect(app.getByText("Please sign in again.")).toBeHidden();
  await expect
    .poll(async () => (await (await ApiClient.of(host, person)).call<{ settings: object }>("GET", "/me")).settings)
    .toMatchObject({ high_contrast: true });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`signing in, up and the settings are open to everybody, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/sign-in");
    await page.locator('main button[type="submit"]').click();
    expect(await violations(page)).toEqual([]);
    await page.goto("/sign-up");
    await page.getByRole("button", { name: "Change" }).click();
    expect(await violations(page)).toEqual([]);
    await signUp(page, newPerson());
    await go(page, "Settings");
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("High contrast").check();
    await page.getByRole("button", { name: "Delete my account" }).click();
    expect(await violations(page)).toEqual([]);
  });
}

async function go(page: Page, place: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: place }).click();
  await page.getByRole("heading", { level: 1, name: place }).waitFor();
}

async function tabTo(page: Page, name: string, key: "Tab" | "Shift+Tab"): Promise<void> {
  for (let turn = 0; turn < 40; turn++) {
    await page.keyboard.press(key);
    if ((await page.evaluate(() => document.activeElement?.textContent)) === name) return;
  }
  throw new Error(`${key} does not lead to ${name}`);
}

async function violations(page: Page): Promise<string[]> {
  await page.locator("main h1").waitFor();
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
  );
}
