// What is measured, not tested: `make bench-web`. One thing at a time, nothing filmed; figures are printed beside their goals.
import base from "./playwright.config";

export default {
  ...base,
  testDir: "tests/bench",
  testIgnore: [],
  workers: 1,
  timeout: 1_500_000,
  retries: 0,
  use: { ...base.use, trace: "off" as const, screenshot: "off" as const },
};
