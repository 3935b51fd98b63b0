// Whatever is edited, answered and pulled in whatever order: what is shown is the merge of all that was written.
import fc from "fast-check";
import { expect, it } from "vitest";
import { Bench } from "../../tests/replica/bench";
import { FakeServer } from "../../tests/replica/fakeServer";
import { canonicalJson } from "../sync/canonical";
import { apply, EMPTY, type Entity } from "../sync/merge";

const ids = fc.constantFrom("a", "b");
const fields = fc.oneof(
  fc.record({ label: fc.constantFrom("x", "y", "z") }),
  fc.record({ deleted: fc.boolean() }),
  fc.record({ label: fc.constantFrom("x", "y"), schedule: fc.constantFrom("s1", "s2"), deleted: fc.constant(false) }),
);
const steps = fc.oneof(
  fc.record({ type: fc.constant("write" as const), device: fc.integer({ min: 0, max: 1 }), id: ids, fields }),
  fc.record({ type: fc.constant("sync" as const), device: fc.integer({ min: 0, max: 1 }) }),
  fc.record({ type: fc.constant("pull" as const), device: fc.integer({ min: 0, max: 1 }) }),
  fc.record({ type: fc.constant("lose answers" as const), device: fc.integer({ min: 0, max: 1 }) }),
  fc.record({ type: fc.constant("forget cursors" as const), device: fc.constant(0) }),
);

it("shows the merge of all that this device wrote and was told, and in the end all that anybody wrote", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 25 }), async (drawn) => {
      const server = new FakeServer();
      const devices = [await Bench.signedIn(server), await Bench.signedIn(server)];
      const all = new Map<string, Entity>();
      for (const step of drawn) {
        const device = devices[step.device]!;
        device.nowMs = server.now += 1;
        if (step.type === "write") {
          await device.write({ kind: "alarm", id: step.id, fields: step.fields });
          const last = (await (await device.disk.db()).transaction("outbox").store.openCursor(null, "prev"))?.value;
          all.set(step.id, apply(all.get(step.id) ?? EMPTY, last!.fields, last!.clock).entity);
        } else if (step.type === "sync") await device.engine.sync();
        else if (step.type === "pull") await device.engine.pullOnce();
        else if (step.type === "forget cursors") server.forgetCursors();
        else {
          server.instead = async ({ path, body }) => {
            if (path.endsWith("/push")) server.push(body as never);
            return Promise.reject(new TypeError("lost"));
          };
          await device.engine.sync();
          server.instead = () => null;
        }
      }
      for (const device of [...devices, ...devices]) expect(await device.engine.sync()).toEqual({ type: "done" });
      const whole = [...all].filter(([, { fields: one }]) => one["deleted"] !== true && "label" in one && "schedule" in one);
      const merged = whole.map(([id, { fields: one }]) => [id, one["label"], one["schedule"]]).sort();
      for (const device of devices) {
        const shown = await device.shown("alarm");
        const told = shown.map(({ id, fields: one }) => [id, one.label, one.schedule as unknown]).sort();
        expect(canonicalJson(told)).toBe(canonicalJson(merged));
        expect(shown.some(({ isPending }) => isPending)).toBe(false);
        expect(await device.unsent()).toBe(0);
        await device.disk.close();
      }
    }),
    { numRuns: 60, seed: 8785 },
  );
}, 60_000);
