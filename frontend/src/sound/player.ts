// Plays an alarm's sound: one looped buffer and gains that the audio clock moves, so slow timers cannot make it stutter.
import { holdAudio } from "./audio";
import { scoreOf, toSound, type Sound } from "./sounds";
import { renderScore, SAMPLE_RATE } from "./synth";

export interface Playing {
  /** Softer while a person works on a challenge; `false` brings it back. */
  soften(isSoft: boolean): void;
  /** Full volume now, whatever is left of the ramp. */
  loudest(): void;
  stop(): void;
}

export interface PlayOptions {
  readonly sound: string;
  /** Seconds from gentle to full. */
  readonly rampSeconds: number;
  readonly volume?: number;
}

const GENTLE = 0.04;
const SOFT = 0.3;
const FADE_SECONDS = 0.015;

const rendered = new Map<Sound, Float32Array<ArrayBuffer>>();

/** Compute a sound ahead, so that it starts at once later. */
export function prepareSound(slug: string): Float32Array<ArrayBuffer> {
  const sound = toSound(slug);
  const samples = rendered.get(sound) ?? renderScore(scoreOf(sound));
  rendered.set(sound, samples);
  return samples;
}

/** Start sounding; null when the browser does not let this page sound yet. */
export async function playSound({ sound, rampSeconds, volume = 1 }: PlayOptions): Promise<Playing | null> {
  const samples = prepareSound(sound);
  const held = await holdAudio();
  if (!held) return null;
  const { context, release } = held;
  const buffer = context.createBuffer(1, samples.length, SAMPLE_RATE);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const ramp = new GainNode(context, { gain: 0 });
  const duck = new GainNode(context, { gain: 1 });
  source.connect(ramp).connect(duck).connect(context.destination);

  const from = context.currentTime;
  ramp.gain.setValueAtTime(0, from);
  if (rampSeconds > 0) {
    ramp.gain.linearRampToValueAtTime(GENTLE * volume, from + FADE_SECONDS);
    ramp.gain.exponentialRampToValueAtTime(volume, from + FADE_SECONDS + rampSeconds);
  } else {
    ramp.gain.linearRampToValueAtTime(volume, from + FADE_SECONDS);
  }
  source.start();

  let isPlaying = true;
  return {
    soften: (isSoft) => duck.gain.setTargetAtTime(isSoft ? SOFT : 1, context.currentTime, 0.15),
    loudest: () => {
      ramp.gain.cancelScheduledValues(context.currentTime);
      ramp.gain.setTargetAtTime(volume, context.currentTime, 0.5);
    },
    stop: () => {
      if (!isPlaying) return;
      isPlaying = false;
      // At once to the ear, without a click.
      duck.gain.cancelScheduledValues(context.currentTime);
      duck.gain.setTargetAtTime(0, context.currentTime, FADE_SECONDS);
      source.stop(context.currentTime + FADE_SECONDS * 6);
      source.onended = () => duck.disconnect();
      release();
    },
  };
}
