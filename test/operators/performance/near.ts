import * as assert from 'uvu/assert';

/** Equal within a tolerance, which uvu has not; `null` is near nothing. */
export function near(actual: number | null | undefined, expected: number, tolerance = 1e-12, what = ''): void {
  const isNear = typeof actual === 'number' && Math.abs(actual - expected) <= tolerance;
  assert.ok(isNear, `${what}: expected ${expected} within ${tolerance}, was ${actual}`);
}
