// Hears what a page sounds: every audio context gets an analyser before its destination, put there before the app's own code.
import type { BrowserContext, Page } from "@playwright/test";

/** Well above any rounding, well below the quietest sound at full volume. */
export const HEARD = 0.01;

interface Heard {
  readonly analyser: AnalyserNode;
  readonly context: AudioContext;
}

declare global {
  interface Window {
    heard?: Heard[];
    loudness?: () => number;
  }
}

/** Before the first page of the context is opened. */
export async function listenToSpeakers(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const heard: Heard[] = (window.heard = []);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the node that it was called on
    const connect: (this: AudioNode, ...args: never[]) => unknown = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
      const [target] = args;
      if (!(target instanceof AudioDestinationNode) || this instanceof AnalyserNode)
        return connect.apply(this, args as never[]) as AudioNode;
      const made = this.context as AudioContext;
      let found = heard.find((one) => one.context === made);
      if (!found) {
        found = { context: made, analyser: made.createAnalyser() };
        found.analyser.fftSize = 2048;
        heard.push(found);
        connect.call(found.analyser, target as never);
      }
      return connect.call(this, found.analyser as never) as AudioNode;
    };
    window.loudness = () => {
      let loudest = 0;
      for (const { analyser, context: made } of heard) {
        if (made.state !== "running") continue;
        const samples = new Float32Array(analyser.fftSize);
        analyser.getFloatTimeDomainData(samples);
        loudest = Math.max(loudest, Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
      }
      return loudest;
    };
  });
}

/** How loud the page is right now: the root mean square of what reaches the loudspeakers. */
export async function loudness(page: Page): Promise<number> {
  return await page.evaluate(() => window.loudness?.() ?? 0);
}

/**
 * Looks at a page that nobody touched. Playwright's own looks (evaluate, locators) count as a touch for the browser, and
 * would unlock the sound; the devtools' plain evaluation does not.
 */
export async function untouching(page: Page): Promise<<Value>(expression: string) => Promise<Value>> {
  const devtools = await page.context().newCDPSession(page);
  return async <Value>(expression: string) => {
    const { result } = await devtools.send("Runtime.evaluate", { expression, returnByValue: true, userGesture: false });
    return result.value as Value;
  };
}
