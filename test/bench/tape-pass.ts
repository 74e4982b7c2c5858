import { join } from 'node:path';
import { createOrderBook, evolveOrderBook } from '../../operators/book/order-book.ts';
import { readTape } from '../../streams/tape/read-tape.ts';
import { type Bench, timeInTurn } from './bench.ts';
import { benchPayloads } from './bench-payloads.ts';
import { CAPTURE } from './capture-payloads.ts';
import { tapeOf } from './made-tape.ts';
import { pythonPeer } from './python-peer.ts';

/** Of the peer's passes, the one that only feeds its fastest book. */
const PASS = 'hftbacktest ROIVector feed only';

export default {
  name: 'tape-pass',
  summary: 'tape → book fold, rows (price levels and trades) a second',
  target: { of: 'ratio', at: 'least', bound: 2 },
  async run(context) {
    const { payloads, note } = benchPayloads(context);
    const tape = tapeOf(payloads);
    const [, lastDepth] = payloads.findLast(([channel]) => channel === 'depth')!;
    let updateId = 0;
    const [ms = 0] = timeInTurn([
      () => {
        const book = createOrderBook();
        readTape(tape, (event) => evolveOrderBook(book, event));
        if (book.invalidity === null) updateId = book.updateId;
      },
    ]);
    const expected: { readonly u: number } = JSON.parse(lastDepth.toString());
    if (updateId !== expected.u) throw new Error(`tape-pass: expected a book at ${expected.u}, found ${updateId}`);
    const value = tape.rows / ms / 1_000;
    const peer =
      context.captures === undefined ? undefined : await pythonPeer(join(context.captures, CAPTURE), 'hftbacktest');
    const pass = peer?.find(({ name }) => name === PASS);
    const referenceValue = pass === undefined ? null : pass.perSecond / 1e6;
    return {
      name: 'tape-pass',
      value,
      unit: 'M rows/s',
      reference: referenceValue === null ? null : 'hftbacktest 2.4 ROIVector feed pass of the same capture',
      referenceValue,
      ratio: referenceValue === null ? null : value / referenceValue,
      ...(note === undefined ? {} : { note }),
    };
  },
} satisfies Bench;
