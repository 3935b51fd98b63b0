// The sounds as numbers: heard, never clipped, without a click, and apart from one another.
import { describe, expect, it } from "vitest";
import { scoreOf, SOUNDS, toSound } from "./sounds";
import { renderScore, SAMPLE_RATE } from "./synth";

const rendered = SOUNDS.map((sound) => [sound, renderScore(scoreOf(sound))] as const);

function loudness(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

describe("a rendered sound", () => {
  it.each(rendered)("%s is loud enough and never clips", (_, samples) => {
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeCloseTo(0.92, 3);
    expect(loudness(samples)).toBeGreaterThan(0.08);
  });

  it.each(rendered)("%s goes on from its end to its beginning without a click", (_, samples) => {
    let widest = 0;
    for (let index = 1; index < samples.length; index += 1)
      widest = Math.max(widest, Math.abs(samples[index]! - samples[index - 1]!));
    expect(Math.abs(samples[0]! - samples[samples.length - 1]!)).toBeLessThanOrEqual(widest);
  });

  it.each(rendered)("%s is never silent for more than a second: a ring is heard wherever it is cut into", (_, samples) => {
    let silent = 0;
    let longest = 0;
    for (const sample of [...samples, ...samples]) {
      silent = Math.abs(sample) < 0.003 ? silent + 1 : 0;
      longest = Math.max(longest, silent);
    }
    expect(longest / SAMPLE_RATE).toBeLessThan(1);
  });

  it("is louder than all others when it is the very loud one", () => {
    const loud = rendered.find(([sound]) => sound === "loud")![1];
    for (const [sound, samples] of rendered) if (sound !== "loud") expect(loudness(loud)).toBeGreaterThan(loudness(samples));
  });

  it("is quickly made: the slowest device has to start within an instant", () => {
    const from = process.cpuUsage();
    renderScore(scoreOf("sunrise"));
    const { user } = process.cpuUsage(from);
    expect(user / 1000).toBeLessThan(200); // processor milliseconds: some 20 here, ten times that on a slow phone is 1/5 s
  });
});

describe("the slug of a sound", () => {
  it("names itself when it is known, and sunrise otherwise", () => {
    for (const sound of SOUNDS) expect(toSound(sound)).toBe(sound);
    expect(toSound("of-a-later-version")).toBe("sunrise");
  });
});
