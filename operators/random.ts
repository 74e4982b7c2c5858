/** A seeded stream of random numbers; two with the same seed give the same numbers for ever. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  /** Standard normal. */
  readonly normal: () => number;
  /** Exponential with the given mean. */
  readonly exponential: (mean: number) => number;
  /** Uniform integer in [0, bound). */
  readonly below: (bound: number) => number;
}

/** The generator's registers: from them it goes on with the same numbers. */
export type RandomState = readonly [number, number, number, number];

/** A stream of random numbers that can be written down and taken up again. */
export interface ResumableRandom extends Random {
  readonly state: () => RandomState;
}

/** 32-bit hash of a list of integers and texts (murmur3's finaliser over FNV-1a steps). */
export function hash32(...parts: readonly (number | string)[]): number {
  let h = 0x811c9dc5;
  for (const part of parts) {
    if (typeof part === 'string') {
      for (let i = 0; i < part.length; i++) h = Math.imul(h ^ part.charCodeAt(i), 0x01000193);
    } else {
      h = Math.imul(h ^ (part >>> 0), 0x01000193);
      h = Math.imul(h ^ (Math.floor(part / 4294967296) >>> 0), 0x01000193);
    }
    h ^= h >>> 15;
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** sfc32 (Doty-Humphrey's Small Fast Counting generator, PractRand). */
export function random(seed: number): Random {
  return resumableRandom(seed);
}

/** As `random`, from a seed or from where another one was. */
export function resumableRandom(from: number | RandomState): ResumableRandom {
  const isSeed = typeof from === 'number';
  let [a, b, c, counter] = isSeed ? [hash32(from, 1), hash32(from, 2), hash32(from, 3), 1] : from;
  const uniform = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; isSeed && i < 16; i++) uniform();
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    below: (bound) => Math.floor(uniform() * bound),
    state: () => [a, b, c, counter],
  };
}

/**
 * Smooth noise in [-1, 1] that depends on nothing but `seed` and the position: a value on each integer, joined smoothly.
 * So a price path made of it goes on where it was after a restart.
 */
export function valueNoise(seed: number, position: number): number {
  const cell = Math.floor(position);
  const x = position - cell;
  const before = hash32(seed, cell) / 2147483648 - 1;
  const after = hash32(seed, cell + 1) / 2147483648 - 1;
  return before + (after - before) * x * x * (3 - 2 * x);
}
