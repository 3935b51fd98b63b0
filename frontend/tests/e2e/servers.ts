// The real servers of the tests, each a child process of its own: the local host, and a push service on loopback.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = new URL("../../../", import.meta.url).pathname;
const PYTHON = process.env["PYTHON"] ?? join(ROOT, ".venv/bin/python");
const START_MS = 60_000;

export interface Server {
  readonly url: string;
  readonly host: string;
  stop(): Promise<void>;
  /** What it wrote so far. */
  log(): string;
}

/** Smart Alarm's local host, with data of its own that goes with it. */
export async function startHost(settings: Readonly<Record<string, string>> = {}): Promise<Server> {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), "smartalarm-web-"));
  // A browser of these tests signs up many people from one address.
  const limits = { AUTH_REQUESTS_PER_ADDRESS: "100000" };
  const env = { PORT: String(port), DATA_DIR: data, ...limits, ...settings };
  const server = await start(["-m", "smartalarm.hosts.local"], env, port, "/api/v1/health/ready", data);
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A push service that decrypts what it is sent (tests/servers/push_service.py tells its calls). */
export async function startPushService(): Promise<Server> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "smartalarm-push-"));
  return await start(["-m", "tests.servers.push_service", "--port", String(port)], {}, port, "/stats", folder);
}

async function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  port: number,
  ready: string,
  folder: string,
): Promise<Server> {
  const logPath = join(folder, "server.log");
  const out = openSync(logPath, "a");
  const kept = Object.fromEntries(
    ["PATH", "HOME", "LANG"].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
  const child = spawn(PYTHON, args, { cwd: ROOT, env: { ...kept, ...env }, stdio: ["ignore", out, out] });
  const url = `http://127.0.0.1:${port}`;
  const log = () => readFileSync(logPath, "utf8");
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(url + ready, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (answer?.ok) return { url, host: `127.0.0.1:${port}`, log, stop: () => stop(child) };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop(child);
  throw new Error(`It did not start: ${args.join(" ")}\n${log().slice(-3_000)}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(patience);
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
