/**
 * Runs a function while the clock and chance are errors: what depends on them differs from one run to the next.
 * @throws what the function throws, and where it asks for either
 */
export function withoutChance<Result>(run: () => Result): Result {
  const { now } = Date;
  const { random } = Math;
  const performanceNow = performance.now;
  const refuse = (name: string) => (): never => {
    throw new Error(`${name} was called: a feature knows event times only, and no chance`);
  };
  Date.now = refuse('Date.now');
  Math.random = refuse('Math.random');
  performance.now = refuse('performance.now');
  try {
    return run();
  } finally {
    Date.now = now;
    Math.random = random;
    performance.now = performanceNow;
  }
}
