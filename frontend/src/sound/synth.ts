// Turns a score into samples. Pure arithmetic: a sound is the same on every device, and needs no file and no network.

/** One note. It may ring on past the end of the loop: its tail is heard at the beginning of the next round. */
export interface Note {
  /** Seconds from the start of the loop. */
  readonly at: number;
  readonly hz: number;
  /** Where a glide ends; a steady note has none. */
  readonly toHz?: number;
  readonly seconds: number;
  readonly gain: number;
  /** Seconds until it is fully there. */
  readonly attack: number;
  /** How it goes: "fade" dies away like a bell, "hold" stays until its end. */
  readonly shape: "fade" | "hold";
  /** Strength of each harmonic, the fundamental first. */
  readonly harmonics: readonly number[];
}

export interface Score {
  readonly seconds: number;
  /** How hard it is pressed against the limit: louder and rougher. None: not at all. */
  readonly drive?: number;
  readonly notes: readonly Note[];
}

export const SAMPLE_RATE = 24_000;
const PEAK = 0.92;
const TABLE_SIZE = 2048;
const RELEASE_SECONDS = 0.02;

/** One round of the loop, mono, its loudest sample at PEAK; end and beginning fit together without a click. */
export function renderScore(score: Score, sampleRate = SAMPLE_RATE): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(score.seconds * sampleRate));
  const tables = new Map<readonly number[], Float32Array>();
  for (const note of score.notes) {
    const table = tables.get(note.harmonics) ?? waveTable(note.harmonics);
    tables.set(note.harmonics, table);
    addNote(samples, note, table, sampleRate);
  }
  scale(samples, score.drive ?? 1);
  // Counted loops: phones run these millions of steps, and an iterator is several times slower.
  if (score.drive !== undefined) for (let at = 0; at < samples.length; at += 1) samples[at] = Math.tanh(samples[at]!);
  scale(samples, PEAK);
  return samples;
}

/** Its loudest sample becomes `peak`. */
function scale(samples: Float32Array, peak: number): void {
  let loudest = 0;
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  if (loudest === 0) return;
  for (let index = 0; index < samples.length; index += 1) samples[index] = (samples[index]! * peak) / loudest;
}

function addNote(samples: Float32Array, note: Note, table: Float32Array, sampleRate: number): void {
  const length = Math.round(note.seconds * sampleRate);
  const first = Math.round(note.at * sampleRate);
  const attack = Math.max(1, note.attack * sampleRate);
  const release = RELEASE_SECONDS * sampleRate;
  const glide = note.toHz === undefined ? 0 : (note.toHz - note.hz) / length;
  const fade = note.shape === "fade" ? Math.exp(-5 / length) : 1;
  let phase = 0;
  let body = 1;
  for (let index = 0; index < length; index += 1) {
    const envelope = Math.min(1, index / attack) * body * Math.min(1, (length - index) / release);
    const place = phase * TABLE_SIZE;
    const low = Math.floor(place);
    const between = place - low;
    const value = table[low]! * (1 - between) + table[low + 1]! * between;
    const target = (first + index) % samples.length;
    samples[target] = samples[target]! + value * envelope * note.gain;
    phase += (note.hz + glide * index) / sampleRate;
    phase -= Math.floor(phase);
    body *= fade;
  }
}

/** One period, and its first sample again for the interpolation. */
function waveTable(harmonics: readonly number[]): Float32Array {
  const table = new Float32Array(TABLE_SIZE + 1);
  for (let index = 0; index <= TABLE_SIZE; index += 1) {
    let value = 0;
    for (const [order, strength] of harmonics.entries())
      value += strength * Math.sin((2 * Math.PI * (order + 1) * index) / TABLE_SIZE);
    table[index] = value;
  }
  return table;
}
