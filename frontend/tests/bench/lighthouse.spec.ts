// Lighthouse on Today, signed in, cold, as a phone: the median of five.
import { chromium } from "@playwright/test";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHROMIUM } from "../../playwright.config";
import { ApiClient, expect, signUp, test } from "../e2e/fixtures";
import { figure, median } from "./figures";

const RUNS = 5;
const FOLDER = new URL("./lighthouse/", import.meta.url).pathname;
const QUIETLY = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];

interface Scores {
  readonly heading: string | null;
  readonly performance: number;
  readonly accessibility: number;
  readonly bestPractices: number;
  readonly cls: number;
}

test("Lighthouse on a cold Today", async ({ host, person }) => {
  if (!existsSync(join(FOLDER, "node_modules"))) {
    console.log("Installing Lighthouse (once, about a minute) ...");
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--silent"], { cwd: FOLDER, timeout: 300_000 });
  }
  const executablePath = CHROMIUM ?? chromium.executablePath();
  const profile = mkdtempSync(join(tmpdir(), "smartalarm-lighthouse-"));
  const browser = await chromium.launchPersistentContext(profile, { executablePath, args: QUIETLY, baseURL: host.url });
  const page = browser.pages()[0] ?? (await browser.newPage());
  await signUp(page, person);
  const client = await ApiClient.of(host, person);
  const start = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 19);
  await client.call("POST", "/alarms", { label: "Work", time_zone: "UTC", schedule: { start, rrule: "FREQ=DAILY" } });
  await expect(page.getByText("Work").first()).toBeVisible();
  await browser.close();

  // From here on nobody but Lighthouse drives it; the profile is still signed in.
  const port = 20_000 + Math.floor(Math.random() * 30_000);
  const flags = [
    ...QUIETLY,
    "--headless=new",
    `--user-data-dir=${profile}`,
    `--remote-debugging-port=${port}`,
    "about:blank",
  ];
  const child = spawn(executablePath, flags, { stdio: "ignore" });
  try {
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${port}/json/version`).then(
            (answer) => answer.ok,
            () => false,
          ),
        { timeout: 30_000 },
      )
      .toBe(true);
    const runs: Scores[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const given = [join(FOLDER, "run.mjs"), String(port), `${host.url}/`];
      const printed = execFileSync(process.execPath, given, { timeout: 180_000 }).toString().trim();
      console.log(`  run ${run}: ${printed}`);
      runs.push(JSON.parse(printed) as Scores);
    }
    expect(new Set(runs.map((one) => one.heading))).toEqual(new Set(["Today"]));
    const of = (name: Exclude<keyof Scores, "heading">) => median(runs.map((one) => one[name]));
    figure("Lighthouse performance, cold", of("performance"), "", { atLeast: 95 });
    figure("Lighthouse accessibility", of("accessibility"), "", { atLeast: 100 });
    figure("Lighthouse best practices", of("bestPractices"), "", { atLeast: 100 });
    figure("cumulative layout shift", of("cls"), "", { atMost: 0.02 });
  } finally {
    child.kill("SIGTERM");
    await new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve(null)));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
