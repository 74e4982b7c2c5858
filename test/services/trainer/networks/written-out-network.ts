import type { Network } from '../../../../services/trainer/networks/network.ts';

/** How the rows follow one another, as in the trainer. */
interface Sequences {
  readonly count: number;
  readonly states: Float32Array;
  readonly begins: Uint8Array;
}

/**
 * A network's outputs in double precision by the formulas, number by number: what the trainer's are held against.
 * @param parameters in place of the network's, so that one of them can be moved a little
 * @returns float64[rows, out]
 */
export function writtenOut(
  { sizes, activation, convolution, recurrentSize }: Network,
  parameters: readonly number[],
  inputs: Float32Array,
  { count, states, begins }: Sequences,
): number[] {
  const active = (x: number): number => (activation === 'tanh' ? Math.tanh(x) : Math.max(0, x));
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const last: number[][] = Array.from({ length: count }, (_, n) => [
    ...states.subarray(n * (recurrentSize ?? 0), (n + 1) * (recurrentSize ?? 0)),
  ]);
  const rows = inputs.length / sizes[0]!;
  const outputs: number[] = [];
  for (let row = 0; row < rows; row++) {
    let at = 0;
    /** The next layer's sums: weights [in, out], then biases [out]. */
    const dense = (values: readonly number[], width: number): number[] => {
      const sums = Array.from({ length: width }, (_, k) => parameters[at + values.length * width + k]!);
      for (const [j, value] of values.entries())
        for (let k = 0; k < width; k++) sums[k]! += value * parameters[at + j * width + k]!;
      at += (values.length + 1) * width;
      return sums;
    };
    let values: number[] = [...inputs.subarray(row * sizes[0]!, (row + 1) * sizes[0]!)];
    if (convolution !== undefined) {
      const leading = values.slice(0, convolution.leading);
      let window: number[][] = [];
      for (let i = convolution.leading; i < values.length; i += convolution.channels)
        window.push(values.slice(i, i + convolution.channels));
      for (const { filters, kernel, stride } of convolution.layers) {
        const next: number[][] = [];
        const layerAt = at;
        for (let step = 0; step + kernel <= window.length; step += stride) {
          at = layerAt;
          next.push(dense(window.slice(step, step + kernel).flat(), filters).map(active));
        }
        window = next;
      }
      values = [...leading, ...window.flat()];
    }
    if (recurrentSize !== undefined) {
      const n = row % count;
      const h = begins[row] === 1 ? new Array<number>(recurrentSize).fill(0) : last[n]!;
      const a = dense(values, 3 * recurrentSize);
      const u = dense(h, 3 * recurrentSize);
      values = h.map((before, k) => {
        const r = sigmoid(a[k]! + u[k]!);
        const z = sigmoid(a[recurrentSize + k]! + u[recurrentSize + k]!);
        const fresh = Math.tanh(a[2 * recurrentSize + k]! + r * u[2 * recurrentSize + k]!);
        return (1 - z) * fresh + z * before;
      });
      last[n] = values;
    }
    for (const [layer, width] of sizes.slice(1).entries()) {
      values = dense(values, width);
      if (layer < sizes.length - 2) values = values.map(active);
    }
    outputs.push(...values);
  }
  return outputs;
}
