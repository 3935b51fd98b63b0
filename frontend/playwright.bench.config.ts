// What is measured, not tested: `make bench-web`. One thing at a time; figures are printed beside their goals.
import base from "./playwright.config";

export default { ...base, testDir: "tests/bench", testIgnore: [], workers: 1, timeout: 600_000, retries: 0 };
