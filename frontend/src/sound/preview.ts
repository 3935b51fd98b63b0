// "What does it sound like?": a few seconds of a sound, one at a time.
import { playSound, type Playing } from "./player";

const PREVIEW_MS = 8_000;
const PREVIEW_VOLUME = 0.5;

let stopLast: () => void = () => undefined;

/** Play a sound for some seconds; call it from a press. Gives what stops it; `onEnd` is called once, however it ends. */
export function previewSound(slug: string, onEnd: () => void = () => undefined): () => void {
  stopLast();
  let playing: Playing | null = null;
  let isOver = false;
  const stop = () => {
    if (isOver) return;
    isOver = true;
    clearTimeout(end);
    playing?.stop();
    onEnd();
  };
  const end = setTimeout(stop, PREVIEW_MS);
  stopLast = stop;
  void playSound({ sound: slug, rampSeconds: 0, volume: PREVIEW_VOLUME }).then((started) => {
    playing = started;
    if (isOver || !started) {
      started?.stop();
      stop();
    }
  });
  return stop;
}
