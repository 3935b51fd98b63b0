// A page that opens by itself, as from a notification: the browser keeps it quiet until it is touched.
import { ApiClient, expect, test } from "./fixtures";
import { ringIn } from "./rings";
import { HEARD, listenToSpeakers, untouching } from "./speakers";

// A trace looks at the page in a way that the browser takes for a touch.
test.use({ trace: "off", screenshot: "off" });

test.beforeEach(async ({ context }) => listenToSpeakers(context));

test("a page that nobody touched says how to get the sound, and sounds at the touch", async ({
  app,
  context,
  host,
  person,
}) => {
  const api = await ApiClient.of(host, person);
  const { id } = await ringIn(api, 4);
  await app.close();
  const untouched = await context.newPage();
  await untouched.goto(`/ringing/${encodeURIComponent(id)}`);
  const look = await untouching(untouched);
  const place = `(() => {
    const found = [...document.querySelectorAll("[role=alertdialog] button")].find((one) => one.textContent === "Tap for sound");
    const box = found?.getBoundingClientRect();
    return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
  })()`;
  await expect.poll(() => look(place), { timeout: 15_000 }).not.toBeNull();
  expect(await look("loudness()")).toBe(0);
  const { x, y } = await look<{ x: number; y: number }>(place);
  await untouched.mouse.click(x, y);
  await expect.poll(() => look<number>("loudness()")).toBeGreaterThan(HEARD);
  expect(await look(place)).toBeNull();
});
