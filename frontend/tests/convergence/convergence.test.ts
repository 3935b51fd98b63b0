// Three devices and the real server, through offline days, lost answers and doubled sends: in the end all show the same.
import "fake-indexeddb/auto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ofKind } from "../../src/replica/database";
import { Chance } from "./chance";
import { draw, editOverRest } from "./deeds";
import { Device } from "./device";
import { MISSING, startHost, type Host } from "./host";

/** `CONVERGENCE_SEEDS=7,8` tries others. */
const SEEDS = (process.env["CONVERGENCE_SEEDS"] ?? "1,2,3,4").split(",").map(Number);
const STEPS = 60;
const MINUTE_MS = 60_000;

describe.skipIf(MISSING !== null)(`devices and the real server${MISSING ? ` (skipped: ${MISSING})` : ""}`, () => {
  let host: Host;

  beforeAll(async () => {
    host = await startHost();
  }, 30_000);

  afterAll(async () => {
    await host.stop();
  });

  it.each(SEEDS)("converge, whatever the network does (seed %i)", async (seed) => {
    const chance = new Chance(seed);
    const { token, userId } = await register(host.url, seed);
    // One clock is right, one a little ahead, one an hour: what it writes before its first pull is clamped.
    const devices = [0, 90_000, 60 * MINUTE_MS].map(
      (skew, place) => new Device(`seed-${seed}-device-${place}`, host.url, token, chance, skew),
    );
    for (const device of devices) await device.signIn(userId);
    // One alarm is so close that it may be answered already: those answers count.
    const alarmIds = [chance.id()];
    const start = `${new Date(Date.now() + 4 * MINUTE_MS).toISOString().slice(0, 17)}00`;
    const schedule = { start, rrule: null, exdates: [], rdates: [] };
    const soon = { label: "Soon", schedule, time_zone: "UTC", enabled: true, deleted: false };
    await devices[0]!.write([{ kind: "alarm", id: alarmIds[0]!, fields: soon }]);
    await devices[0]!.sync();
    await devices[1]!.sync();
    const [due] = await comingIds(devices[1]!);
    const answer = { occurrence_id: due!, event: "dismiss", ring: 1, at: new Date().toISOString(), minutes: null };
    await devices[1]!.write([{ kind: "answer", id: chance.id(), fields: answer }]);

    for (let step = 0; step < STEPS; step++) {
      const device = chance.pick(devices);
      const turn = chance.next();
      if (turn < 0.5) {
        const edits = draw(chance, alarmIds, await comingIds(device));
        await device.write(edits);
      } else if (turn < 0.62) {
        device.network.isOnline = chance.is(0.5);
        device.network.lost = chance.pick([0, 0.3, 0.6]);
        device.network.doubled = chance.pick([0, 0.5]);
      } else if (turn < 0.7) {
        await device.restart();
      } else if (turn < 0.8) {
        await editOverRest(device, chance, alarmIds);
      } else {
        await device.sync();
      }
    }

    for (const device of devices) Object.assign(device.network, { isOnline: true, lost: 0, doubled: 0 });
    for (const device of devices) {
      // What the device shows once it knows all others' edits is what the server makes of its own: one merge, twice.
      expect((await device.engine.pullOnce()).type).toBe("done");
      const [foretold, known, isAhead] = [await device.shown(), await device.known(), await device.isAhead()];
      expect((await device.sync()).type).toBe("done");
      const refused = await device.refused();
      for (const [key, line] of isAhead ? [] : await device.shown()) {
        const [kind = "", id = ""] = key.split(" ");
        const isForetold = kind !== "occurrence" && known.has(key) && !refused.has(id);
        if (isForetold) expect(foretold.get(key), key).toBe(line);
      }
    }
    for (const device of devices) expect((await device.sync()).type).toBe("done");

    const fresh = new Device(`seed-${seed}-fresh`, host.url, token, chance, 0);
    await fresh.signIn(userId);
    expect((await fresh.sync()).type).toBe("done");
    const truth = await fresh.shown();
    expect(truth.size).toBeGreaterThan(1);
    for (const device of devices) {
      expect(await device.unsent(), device.name).toBe(0);
      expect(Object.fromEntries(await device.shown()), device.name).toEqual(Object.fromEntries(truth));
    }
    expect(await alarmsOverRest(host.url, token)).toEqual(alarmsOf(truth));
  });
});

async function comingIds(device: Device): Promise<string[]> {
  return (await (await device.engine.ports.disk.db()).getAllKeys("base", ofKind("occurrence"))).map(([, id]) => id);
}

async function register(url: string, seed: number): Promise<{ readonly token: string; readonly userId: string }> {
  const response = await fetch(`${url}/api/v1/auth/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      email: `ana-${seed}@example.com`,
      password: "correct horse battery staple",
      time_zone: "Europe/Madrid",
    }),
  });
  const answer = (await response.json()) as { readonly access_token: string; readonly user: { readonly id: string } };
  return { token: answer.access_token, userId: answer.user.id };
}

async function alarmsOverRest(url: string, token: string): Promise<Record<string, string>> {
  const response = await fetch(`${url}/api/v1/alarms?limit=200`, { headers: { Authorization: `Bearer ${token}` } });
  const { items } = (await response.json()) as {
    readonly items: readonly { readonly id: string; readonly label: string }[];
  };
  return Object.fromEntries(items.map(({ id, label }) => [id, label]));
}

function alarmsOf(shown: ReadonlyMap<string, string>): Record<string, string> {
  const alarms = [...shown].filter(([key]) => key.startsWith("alarm "));
  return Object.fromEntries(
    alarms.map(([key, line]) => [key.slice("alarm ".length), (JSON.parse(line) as { readonly label: string }).label]),
  );
}
