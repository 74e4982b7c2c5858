/** What Adam keeps beside the parameters. */
export interface AdamState {
  readonly steps: number;
  /** Running means of the gradient and of its square. */
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

export interface Adam {
  /** Moves the parameters against the gradient. */
  readonly step: (gradient: Float32Array, learningRate: number) => void;
  readonly state: () => AdamState;
}

const BETA_MEAN = 0.9;
const BETA_SQUARE = 0.999;

/**
 * Adam over one flat vector of parameters, which it changes in place.
 * @see Kingma & Ba (2015), "Adam: A Method for Stochastic Optimization", algorithm 1
 */
export function createAdam(parameters: Float32Array, options: { epsilon: number; from?: AdamState | undefined }): Adam {
  const { epsilon, from } = options;
  const mean = from?.mean.slice() ?? new Float32Array(parameters.length);
  const square = from?.square.slice() ?? new Float32Array(parameters.length);
  let steps = from?.steps ?? 0;
  return {
    step: (gradient, learningRate) => {
      steps++;
      const rate = learningRate / (1 - BETA_MEAN ** steps);
      const root = 1 / Math.sqrt(1 - BETA_SQUARE ** steps);
      for (let i = 0; i < parameters.length; i++) {
        const g = gradient[i]!;
        const m = BETA_MEAN * mean[i]! + (1 - BETA_MEAN) * g;
        const s = BETA_SQUARE * square[i]! + (1 - BETA_SQUARE) * g * g;
        mean[i] = m;
        square[i] = s;
        parameters[i]! -= (rate * m) / (Math.sqrt(s) * root + epsilon);
      }
    },
    state: () => ({ steps, mean: mean.slice(), square: square.slice() }),
  };
}

/**
 * Scales the gradient down to a norm of `max`.
 * @returns the norm that it had
 */
export function clipNorm(gradient: Float32Array, max: number): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += gradient[i]! * gradient[i]!;
  const norm = Math.sqrt(sum);
  if (norm > max) for (let i = 0; i < gradient.length; i++) gradient[i]! *= max / norm;
  return norm;
}
