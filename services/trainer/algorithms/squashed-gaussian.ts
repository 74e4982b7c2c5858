import type { Random } from '../../../operators/random.ts';

const HALF_LOG_2_PI = Math.log(2 * Math.PI) / 2;
/** Logarithms of deviations are cut to these, beyond which no gradient passes. */
const LOG_DEVIATION_LEAST = -20;
const LOG_DEVIATION_MAX = 2;

/** Actions drawn for rows of outputs, within ±1. */
export interface SquashedDraw {
  /** float32[rows, size]. */
  readonly actions: Float32Array;
  /** float32[rows]: logarithms of the actions' densities. */
  readonly logProbabilities: Float32Array;
  /** float32[rows, size]: the normal numbers that they were made of. */
  readonly noise: Float32Array;
}

/**
 * a = tanh(μ + σ·ε) with ε normal, of outputs float32[rows, 2·size]: the means, then the logarithms of the deviations.
 * ln p(a) = Σ ln N(ε) − ln σ − ln(1 − a²).
 * @see Haarnoja et al. (2018), "Soft Actor-Critic Algorithms and Applications", appendix C
 */
export function drawSquashed(outputs: Float32Array, size: number, random: Random): SquashedDraw {
  const rows = outputs.length / (2 * size);
  const draw = {
    actions: new Float32Array(rows * size),
    logProbabilities: new Float32Array(rows),
    noise: new Float32Array(rows * size),
  };
  for (let row = 0; row < rows; row++) {
    let log = 0;
    for (let i = 0; i < size; i++) {
      const at = row * 2 * size + i;
      const logDeviation = cut(outputs[at + size]!);
      const noise = random.normal();
      const before = outputs[at]! + Math.exp(logDeviation) * noise;
      draw.noise[row * size + i] = noise;
      draw.actions[row * size + i] = Math.tanh(before);
      log -= (noise * noise) / 2 + logDeviation + HALF_LOG_2_PI + logSlope(before);
    }
    draw.logProbabilities[row] = log;
  }
  return draw;
}

/**
 * The gradient of Σ c·ln p(a) + q·a by the outputs, through the actions that were drawn, their noise held.
 * @param by.logProbability c, the same for each row
 * @param by.actions q, float32[rows, size]
 */
export function squashedGradient(
  outputs: Float32Array,
  draw: SquashedDraw,
  by: { readonly logProbability: number; readonly actions: Float32Array },
): Float32Array {
  const gradient = new Float32Array(outputs.length);
  const size = outputs.length / 2 / draw.logProbabilities.length;
  for (let n = 0; n < draw.actions.length; n++) {
    const at = Math.floor(n / size) * 2 * size + (n % size);
    const action = draw.actions[n]!;
    const raw = outputs[at + size]!;
    // By u = μ + σ·ε: −ln(1 − tanh²u) has the slope 2·tanh u, and tanh u the slope 1 − tanh²u.
    const slope = by.logProbability * 2 * action + by.actions[n]! * (1 - action * action);
    gradient[at] = slope;
    const isCut = raw <= LOG_DEVIATION_LEAST || raw >= LOG_DEVIATION_MAX;
    gradient[at + size] = isCut ? 0 : slope * Math.exp(raw) * draw.noise[n]! - by.logProbability;
  }
  return gradient;
}

function cut(logDeviation: number): number {
  return Math.min(Math.max(logDeviation, LOG_DEVIATION_LEAST), LOG_DEVIATION_MAX);
}

/** ln(1 − tanh²u), exact where tanh u is rounded to ±1. */
function logSlope(u: number): number {
  const x = -2 * Math.abs(u);
  return 2 * (Math.log(2) + x / 2 - Math.log1p(Math.exp(x)));
}
