// One run of Lighthouse (mobile) on a page of a Chromium that is open already: `node run.mjs <debugging port> <url>`.
// Cookies and IndexedDB stay, so it is signed in; everything that was fetched before is forgotten, so it is cold.
import lighthouse from "lighthouse";

const [port, url] = process.argv.slice(2);
const result = await lighthouse(url, {
  port: Number(port),
  output: "json",
  logLevel: "error",
  disableStorageReset: true,
  onlyCategories: ["performance", "accessibility", "best-practices"],
});
const { categories, audits } = result.lhr;
const failed = Object.values(audits).filter(
  (audit) => audit.score !== null && audit.score < 1 && audit.scoreDisplayMode === "binary",
);
console.log(
  JSON.stringify({
    performance: categories.performance.score * 100,
    accessibility: categories.accessibility.score * 100,
    bestPractices: categories["best-practices"].score * 100,
    cls: audits["cumulative-layout-shift"].numericValue,
    lcpMs: audits["largest-contentful-paint"].numericValue,
    tbtMs: audits["total-blocking-time"].numericValue,
    failed: failed.map((audit) => audit.id),
    warnings: result.lhr.runWarnings,
  }),
);
