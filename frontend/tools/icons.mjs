// Draws the PNG icons from public/icon.svg in a Chromium: run once after the picture changed, and commit what it makes.
import { readFileSync, writeFileSync } from "node:fs";
import { chromium } from "@playwright/test";

const PUBLIC = new URL("../public/", import.meta.url);
const BLUE = "#3446b8"; // the ground of the icon; a mask cuts into it, never into the clock
const svg = readFileSync(new URL("icon.svg", PUBLIC), "utf8");

/** `part`: how much of the square the picture takes; iOS and masks round the corners themselves. */
const ICONS = [
  { file: "icon-192.png", size: 192, part: 1, isFilled: false },
  { file: "icon-512.png", size: 512, part: 1, isFilled: false },
  { file: "icon-180.png", size: 180, part: 1, isFilled: true },
  { file: "icon-maskable-512.png", size: 512, part: 0.8, isFilled: true },
  { file: "badge-96.png", size: 96, part: 1, isFilled: false, isBadge: true },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  const page = await browser.newPage();
  for (const { file, size, part, isFilled, isBadge } of ICONS) {
    await page.setViewportSize({ width: size, height: size });
    // Android draws a badge by its shape alone: white on nothing.
    const picture = isBadge ? svg.replace(/<rect[^>]*\/>/, "").replaceAll("#ffc79b", "#fff") : svg;
    const inner = Math.round(size * part);
    await page.setContent(
      `<style>*{margin:0}body{display:grid;place-items:center;width:${size}px;height:${size}px;overflow:hidden;background:${
        isFilled ? BLUE : "transparent"
      }}svg{width:${inner}px;height:${inner}px}</style>${picture}`,
    );
    writeFileSync(new URL(file, PUBLIC), await page.screenshot({ omitBackground: true }));
    console.log(file);
  }
} finally {
  await browser.close();
}
