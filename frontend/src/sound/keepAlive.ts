// Keeps the timers of a hidden page on time: browsers slow them to one a minute unless the page is heard.
import { holdAudio } from "./audio";

/** Far below what an ear or a loudspeaker can do, yet a signal: 20 Hz at -66 dB. */
const INAUDIBLE = 0.0005;
const HZ = 20;

/** Sound without being heard until the returned function is called; null when the page may not sound yet. */
export async function keepAlive(): Promise<(() => void) | null> {
  const held = await holdAudio();
  if (!held) return null;
  const source = new OscillatorNode(held.context, { frequency: HZ });
  const gain = new GainNode(held.context, { gain: INAUDIBLE });
  source.connect(gain).connect(held.context.destination);
  source.start();
  return () => {
    source.stop();
    gain.disconnect();
    held.release();
  };
}
