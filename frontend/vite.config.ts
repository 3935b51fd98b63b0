// How the app is built: React with lingui's macros, the service worker, and one chunk of words per language and part.
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

/** The server that `npm run dev` passes API calls on to: `make run`. */
const SERVER = process.env["SMARTALARM_SERVER"] ?? "http://127.0.0.1:8080";

/** The words of the daily path in English are fetched beside the code, not after it; who reads another language fetches 5 KB more. */
const wordsBesideTheCode: Plugin = {
  name: "words-beside-the-code",
  transformIndexHtml: {
    order: "post",
    handler: (_html, { bundle }) =>
      Object.values(bundle ?? {})
        .filter((chunk) => chunk.type === "chunk" && ["words-daily-en", "catalogs"].includes(chunk.name))
        .map(({ fileName }) => ({
          tag: "link",
          attrs: { rel: "modulepreload", crossorigin: true, href: `/${fileName}` },
          injectTo: "head",
        })),
  },
};

export default defineConfig({
  plugins: [
    wordsBesideTheCode,
    react({ babel: { plugins: ["@lingui/babel-plugin-lingui-macro"] } }),
    lingui(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src/sw",
      filename: "sw.ts",
      injectRegister: false,
      injectManifest: { globPatterns: ["**/*.{js,css,html,svg,png,woff2}"], globIgnores: [".vite/**"] },
      manifest: false,
    }),
  ],
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the content security policy allows no data: scripts or styles
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true, // .vite/manifest.json: what tools/sizes.mjs weighs by
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: SERVER }, "/ws": { target: SERVER, ws: true } } },
  test: { include: ["src/**/*.test.{ts,tsx}", "tests/convergence/*.test.ts"], environment: "node", testTimeout: 20_000 },
});
