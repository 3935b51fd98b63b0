// End-to-end tests: a real Chromium against a real local host that serves the built app (`npm run build` first).
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** A Chromium of the machine; Playwright's own needs a download that not every machine may make. */
export const CHROMIUM = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

export default defineConfig({
  testDir: "tests/e2e",
  testIgnore: process.env["FULL"] ? [] : ["**/full/**"],
  outputDir: "test-results",
  timeout: 45_000,
  expect: { timeout: 10_000 },
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env["CI"] !== undefined,
  // A second try on a machine that runs them all at once; the report says "flaky", and that is a fault to look into.
  retries: process.env["CI"] === undefined ? 0 : 1,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "Europe/Madrid",
    viewport: { width: 390, height: 844 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    actionTimeout: 10_000,
    launchOptions: {
      ...(CHROMIUM ? { executablePath: CHROMIUM } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
