// A real local host for one test: the Python server on a free port, with a data directory of its own.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const PYTHON = process.env["SMARTALARM_PYTHON"] ?? join(ROOT, ".venv/bin/python");
const START_TIMEOUT_MS = 20_000;

/** Why there is no server to test against; null when there is one. */
export const MISSING: string | null = existsSync(PYTHON)
  ? null
  : `no Python at ${PYTHON}: make install builds it, or set SMARTALARM_PYTHON`;

export interface Host {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startHost(): Promise<Host> {
  const dataDir = mkdtempSync(join(tmpdir(), "smartalarm-convergence-"));
  const child = spawn(PYTHON, ["-m", "smartalarm.hosts.local"], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], DATA_DIR: dataDir, PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const url = await new Promise<string>((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`the host did not start:\n${said}`)), START_TIMEOUT_MS);
    const hear = (data: Buffer) => {
      said += data.toString();
      const ready = /ready on (http:\/\/[\d.:]+)/.exec(said);
      if (!ready) return;
      clearTimeout(timer);
      found(ready[1]!);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", () => {
      clearTimeout(timer);
      failed(new Error(`the host ended:\n${said}`));
    });
  });
  return {
    url,
    stop: () =>
      new Promise((stopped) => {
        child.once("exit", () => {
          rmSync(dataDir, { recursive: true, force: true });
          stopped();
        });
        child.kill("SIGTERM");
      }),
  };
}
