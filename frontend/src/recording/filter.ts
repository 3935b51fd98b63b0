// The band-pass of the activity counts, 3 to 11 Hz, run forwards and backwards so that nothing is moved in time. Pure.

/** How often a second the filter sees a sample. */
export const HZ = 50;

/** scipy.signal.butter(5, (3, 11), "bandpass", fs=50) as numerator, denominator, and lfilter_zi of both. */
const B = [
  0.009003633431614054, 0, -0.04501816715807027, 0, 0.09003633431614054, 0, -0.09003633431614054, 0, 0.04501816715807027, 0,
  -0.009003633431614054,
] as const;
const A = [
  1, -4.929690298314039, 11.754088292083274, -18.035712641728253, 19.834662921274123, -16.273340494008472,
  10.024713419686407, -4.569383299570217, 1.4808354097729752, -0.30960262847226405, 0.03206638079832161,
] as const;
/** The state in which a signal that never changes passes at once, for a signal of 1. */
const AT_REST = [
  -0.009003633431611827, -0.009003633431622818, 0.03601453372647362, 0.036014533726433456, -0.054021800589662904,
  -0.05402180058969916, 0.03601453372646372, 0.036014533726453545, -0.009003633431613438, -0.009003633431614127,
] as const;
const ORDER = B.length - 1;
/** As scipy's filtfilt: so many samples, turned about the first and last one, are put before and after. */
const PADDING = 3 * B.length;

/** Enough samples to filter: as many as are put before and after, and one more. */
export const FEWEST = PADDING + 1;

/** scipy.signal.filtfilt with its defaults. At least FEWEST samples. */
export function filtfilt(signal: Float64Array): Float64Array {
  if (signal.length < FEWEST) throw new RangeError(`A signal to filter has at least ${FEWEST} samples.`);
  const padded = padOddly(signal);
  runForwards(padded);
  padded.reverse();
  runForwards(padded);
  padded.reverse();
  return padded.subarray(PADDING, PADDING + signal.length);
}

function padOddly(signal: Float64Array): Float64Array {
  const last = signal.length - 1;
  const padded = new Float64Array(signal.length + 2 * PADDING);
  padded.set(signal, PADDING);
  for (let i = 1; i <= PADDING; i += 1) {
    padded[PADDING - i] = 2 * signal[0]! - signal[i]!;
    padded[PADDING + last + i] = 2 * signal[last]! - signal[last - i]!;
  }
  return padded;
}

/** In place, by the transposed direct form II, as scipy's lfilter. */
function runForwards(signal: Float64Array): void {
  const state = Float64Array.from(AT_REST, (value) => value * signal[0]!);
  for (let i = 0; i < signal.length; i += 1) {
    const input = signal[i]!;
    const output = B[0] * input + state[0]!;
    for (let k = 1; k < ORDER; k += 1) state[k - 1] = state[k]! + B[k]! * input - A[k]! * output;
    state[ORDER - 1] = B[ORDER]! * input - A[ORDER]! * output;
    signal[i] = output;
  }
}
