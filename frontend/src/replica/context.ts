// The one disk, channel, token holder and engine of this tab or worker, made when first asked for.
import { Tokens } from "../session/refresh";
import { Channel } from "./channel";
import { Disk } from "./database";
import { Engine } from "./engine";
import { newId } from "./ids";
import { browserLocks } from "./locks";

export interface Context {
  readonly disk: Disk;
  readonly channel: Channel;
  readonly tokens: Tokens;
  readonly engine: Engine;
}

let made: Context | null = null;

export function context(): Context {
  made ??= make();
  return made;
}

function make(): Context {
  const disk = new Disk();
  const channel = new Channel();
  const ports = {
    disk,
    channel,
    locks: browserLocks(),
    fetch: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, init),
    baseUrl: location.origin,
    now: () => Date.now(),
  };
  const tokens = new Tokens({
    ...ports,
    random: () => Math.random(),
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
  });
  const engine = new Engine({ ...ports, newId, token: (rejected) => tokens.get(rejected) });
  return { disk, channel, tokens, engine };
}
