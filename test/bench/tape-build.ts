import { type Bench, timeInTurn } from './bench.ts';
import { benchPayloads } from './bench-payloads.ts';
import { tapeOf } from './made-tape.ts';

export default {
  name: 'tape-build',
  summary: 'capture → tape, rows (price levels and trades) a second',
  target: { of: 'value', at: 'least', bound: 1 },
  async run(context) {
    const { payloads, note } = benchPayloads(context);
    let rows = 0;
    const [ms = 0] = timeInTurn([
      () => {
        rows = tapeOf(payloads).rows;
      },
    ]);
    return {
      name: 'tape-build',
      value: rows / ms / 1_000,
      unit: 'M rows/s',
      reference: null,
      referenceValue: null,
      ratio: null,
      ...(note === undefined ? {} : { note }),
    };
  },
} satisfies Bench;
