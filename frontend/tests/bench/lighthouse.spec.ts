// Lighthouse on Today, signed in, cold, as a phone: the median of five.
import { chromium } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiClient, expect, signUp, test } from "../e2e/fixtures";
import { CHROMIUM } from "../../playwright.config";
import { figure, median } from "./figures";

const RUNS = 5;
const FOLDER = new URL("./lighthouse/", import.meta.url).pathname;

interface Scores {
  readonly performance: number;
  readonly accessibility: number;
  readonly bestPractices: number;
  readonly cls: number;
  readonly lcpMs: number;
  readonly tbtMs: number;
  readonly failed: readonly string[];
}

test("Lighthouse on a cold Today", async ({ host, person }) => {
  if (!existsSync(join(FOLDER, "node_modules"))) {
    console.log("Installing Lighthouse (once, about a minute) ...");
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--silent"], { cwd: FOLDER, timeout: 300_000 });
  }
  const profile = mkdtempSync(join(tmpdir(), "smartalarm-lighthouse-"));
  const port = 20_000 + Math.floor(Math.random() * 30_000);
  const browser = await chromium.launchPersistentContext(profile, {
    ...(CHROMIUM ? { executablePath: CHROMIUM } : {}),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", `--remote-debugging-port=${port}`],
    baseURL: host.url,
  });
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    await signUp(page, person);
    const client = await ApiClient.of(host, person);
    const start = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 19);
    await client.call("POST", "/alarms", { label: "Work", time_zone: "UTC", schedule: { start, rrule: "FREQ=DAILY" } });
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const devtools = await browser.newCDPSession(page);
    const runs: Scores[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const forgotten = "cache_storage,service_workers,shader_cache";
      await devtools.send("Storage.clearDataForOrigin", { origin: host.url, storageTypes: forgotten });
      await devtools.send("Network.clearBrowserCache");
      await page.goto("about:blank");
      const printed = execFileSync(process.execPath, [join(FOLDER, "run.mjs"), String(port), `${host.url}/`], {
        timeout: 240_000,
      });
      runs.push(JSON.parse(printed.toString()) as Scores);
      console.log(`  run ${run + 1}: ${printed.toString().trim()}`);
      await page.goto("/");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible(); // still signed in
    }
    const of = (name: keyof Omit<Scores, "failed">) => median(runs.map((one) => one[name]));
    figure("Lighthouse performance, cold", of("performance"), "", { atLeast: 95 });
    figure("Lighthouse accessibility", of("accessibility"), "", { atLeast: 100 });
    figure("Lighthouse best practices", of("bestPractices"), "", { atLeast: 100 });
    figure("cumulative layout shift", of("cls"), "", { atMost: 0.02 });
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
