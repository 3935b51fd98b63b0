// One run of Lighthouse (mobile) in a Chromium that is open already: `node run.mjs <debugging port> <url>`.
// Cookies and IndexedDB stay, so it is signed in; everything that was fetched before is forgotten, so it is cold.
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const [port, url] = process.argv.slice(2);
const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
const page = await browser.newPage();
const devtools = await page.createCDPSession();
await devtools.send("Storage.clearDataForOrigin", {
  origin: new URL(url).origin,
  storageTypes: "cache_storage,service_workers,shader_cache",
});
await devtools.send("Network.clearBrowserCache");
await devtools.detach();
const wanted = {
  port: Number(port),
  output: "json",
  logLevel: "error",
  disableStorageReset: true,
  maxWaitForLoad: 30_000,
  onlyCategories: ["performance", "accessibility", "best-practices"],
};
const { lhr } = await lighthouse(url, wanted, undefined, page);
const heading = await page.$eval("main h1", (element) => element.textContent).catch(() => null);
const { categories, audits } = lhr;
const failed = Object.values(audits).filter(
  (audit) => audit.score !== null && audit.score < 1 && audit.scoreDisplayMode === "binary",
);
console.log(
  JSON.stringify({
    heading,
    performance: categories.performance.score * 100,
    accessibility: categories.accessibility.score * 100,
    bestPractices: categories["best-practices"].score * 100,
    cls: audits["cumulative-layout-shift"].numericValue,
    lcpMs: audits["largest-contentful-paint"].numericValue,
    tbtMs: audits["total-blocking-time"].numericValue,
    failed: failed.map((audit) => audit.id),
    shifts: audits["layout-shifts"]?.details?.items?.map((item) => [
      item.score,
      item.node?.selector ?? item.node?.nodeLabel,
    ]),
    warnings: lhr.runWarnings,
  }),
);
await page.close();
await browser.disconnect();
process.exit(0);
