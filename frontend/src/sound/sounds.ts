// The sounds an alarm can have, as scores. A name that this version does not know sounds as the first one.
import type { Note, Score } from "./synth";

export const SOUNDS = ["sunrise", "chimes", "birds", "pulse", "beep", "loud"] as const;
export type Sound = (typeof SOUNDS)[number];

/** The sound of a slug from the server, which takes any. */
export function toSound(slug: string): Sound {
  return SOUNDS.find((sound) => sound === slug) ?? "sunrise";
}

export function scoreOf(sound: Sound): Score {
  return SCORES[sound]();
}

const WARM = [1, 0.4, 0.18, 0.06];
const PURE = [1];
const REED = [1, 0, 0.5, 0, 0.3, 0, 0.15];
const BRIGHT = [1, 0.7, 0.5, 0.4, 0.3, 0.2];

const SCORES: Readonly<Record<Sound, () => Score>> = {
  /** A slow rising line over a warm chord. */
  sunrise: () => ({
    seconds: 8,
    notes: [
      ...[220, 277.18, 329.63].map((hz) => note({ at: 0, hz, seconds: 8, gain: 0.22, attack: 2.5, harmonics: WARM })),
      ...[440, 554.37, 659.25, 880, 987.77, 880, 659.25, 554.37].map((hz, step) =>
        note({ at: step, hz, seconds: 2.6, gain: 0.5, attack: 0.06, harmonics: WARM }),
      ),
    ],
  }),
  /** Bells: their partials are not harmonic. */
  chimes: () => ({
    seconds: 6,
    notes: [659.25, 880, 783.99, 1046.5, 880, 1318.5].flatMap((hz, step) =>
      [
        [1, 1],
        [2.76, 0.45],
        [5.4, 0.18],
      ].map(([ratio, gain]) =>
        note({ at: step * 0.9, hz: hz * ratio!, seconds: 3.2 / ratio!, gain: gain!, attack: 0.004, harmonics: PURE }),
      ),
    ),
  }),
  /** Short whistles that glide, in groups, as a garden wakes. */
  birds: () => ({
    seconds: 5,
    notes: [
      ...whistles(0, [2400, 3100, 2500, 3200, 2600]),
      ...whistles(1.3, [3600, 2800, 3600]),
      ...whistles(2.4, [2100, 2900, 2200, 3000]),
      ...whistles(3.7, [3900, 3300, 3900, 3300]),
    ],
  }),
  /** A soft low beat. */
  pulse: () => ({
    seconds: 2,
    notes: [
      note({ at: 0, hz: 261.63, seconds: 0.8, gain: 1, attack: 0.09, harmonics: WARM }),
      note({ at: 0.5, hz: 392, seconds: 1.2, gain: 0.8, attack: 0.09, harmonics: WARM }),
    ],
  }),
  /** Four beeps and a pause. */
  beep: () => ({
    seconds: 1.2,
    notes: [0, 0.18, 0.36, 0.54].map((at) =>
      note({ at, hz: 1046.5, seconds: 0.11, gain: 1, attack: 0.004, harmonics: REED, shape: "hold" }),
    ),
  }),
  /** Two rough tones in turn, for those who sleep through everything else. */
  loud: () => ({
    seconds: 1,
    drive: 4,
    notes: [0, 0.25, 0.5, 0.75].flatMap((at, step) =>
      [1, 1.5].map((ratio) =>
        note({
          at,
          hz: (step % 2 ? 1180 : 940) * ratio,
          seconds: 0.24,
          gain: 1,
          attack: 0.004,
          harmonics: BRIGHT,
          shape: "hold",
        }),
      ),
    ),
  }),
};

function note(given: Omit<Note, "shape"> & Partial<Pick<Note, "shape">>): Note {
  return { shape: "fade", ...given };
}

function whistles(at: number, tones: readonly number[]): readonly Note[] {
  return tones.map((hz, step) => ({
    at: at + step * 0.17,
    hz,
    toHz: hz * (step % 2 ? 0.8 : 1.35),
    seconds: 0.14,
    gain: 0.8,
    attack: 0.03,
    shape: "hold",
    harmonics: [1, 0.12],
  }));
}
