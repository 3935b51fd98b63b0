// The languages, and where each feature keeps its words.
import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

const ALL = [
  "app",
  "session",
  "today",
  "alarms",
  "ringing",
  "ui",
  "replica",
  "sound",
  "editor",
  "bedside",
  "history",
  "devices",
  "settings",
  "sleep",
  "importing",
];

/** FEATURES=editor,alarms extracts the words of these alone. */
const FEATURES = process.env["FEATURES"]?.split(",") ?? ALL;

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "pt-BR", "es"],
  catalogs: FEATURES.map((name) => ({
    path: `<rootDir>/src/${name}/locales/{locale}`,
    include: [`<rootDir>/src/${name}/`],
    exclude: ["**/*.test.*"],
  })),
  format: formatter({ lineNumbers: false, origins: false }),
  orderBy: "messageId",
});
