import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tapeBetween } from '../../../../pipelines/environment/book-tape-part.ts';
import { bookEnvironment } from '../../../../services/trainer/book/book-data.ts';
import { passOverBook } from '../../../../services/trainer/book/book-pass.ts';
import { madeTapes } from '../../../pipelines/environment/book-market.ts';
import { dataOf, TAPES } from './made-book-run.ts';

const test = suite('services/trainer/book/book-part');
const FEATURES = { features: ['microprice', { feature: 'signed_volume', parameters: { windowMs: 4_000 } }] };
const iso = (ms: number): string => new Date(ms).toISOString();

test('the first 70 % are learned of and the last 25 % tested, and nothing of one is known in the other', () => {
  const { train, test: tested } = dataOf();
  const wholeMs = tested.toMs - train.fromMs;
  assert.ok(Math.abs((train.toMs - train.fromMs) / wholeMs - 0.7) < 1e-9);
  assert.ok(Math.abs((tested.toMs - tested.fromMs) / wholeMs - 0.25) < 1e-9);
  for (const part of train.tape.parts)
    for (const timeUs of part.receiveTimesUs) assert.ok(timeUs + train.tape.skewUs < train.toMs * 1_000);
  for (const { timeUs } of tested.tape.starts) assert.ok(timeUs >= tested.fromMs * 1_000);
  assert.ok(train.tape.starts.length > 50, `${train.tape.starts.length} places`);
});

test('a pass goes once from the beginning of its part to its end', () => {
  const data = dataOf();
  for (const part of [data.train, data.test]) {
    const { timesMs } = passOverBook(data, part, () => 0);
    assert.ok(timesMs[0]! >= part.fromMs && timesMs[0]! < part.fromMs + 200, `${timesMs[0]! - part.fromMs} ms`);
    assert.ok(timesMs.at(-1)! < part.toMs && timesMs.at(-1)! > part.toMs - 200, `${part.toMs - timesMs.at(-1)!} ms`);
    assert.ok(timesMs.every((timeMs, n) => n === 0 || timeMs - timesMs[n - 1]! === 100));
  }
});

test('another future leaves what is learned of alone, and what features are normalised by', () => {
  const { train, test: tested } = dataOf();
  const spans = {
    train: { from: iso(train.fromMs + 5_000), to: iso(train.toMs) },
    test: { from: iso(tested.fromMs), to: iso(tested.toMs - 10_000) },
  };
  const other = madeTapes({ seed: 4, events: 3_900, hasFaults: false }).map((tape) => ({
    ...tape,
    steps: tape.steps.map((steps, row) => {
      const event = tape.rowStarts.findLastIndex((from) => from <= row);
      return tape.receiveTimesUs[event]! >= train.toMs * 1_000 ? steps * 2 : steps;
    }),
  }));
  const [one, two] = [dataOf({ ...spans, ...FEATURES }), dataOf({ ...spans, ...FEATURES }, other)];
  assert.equal(one.normalisation, two.normalisation);
  const { columns, means, scales, toMs } = one.normalisation!;
  assert.equal([columns, toMs], [['microprice', 'signed_volume'], one.train.toMs]);
  assert.ok(means[0]! > 610_000 && means[0]! < 625_000 && scales[1]! > 0.1, `${means}; ${scales}`);
  const seen = [one, two].map((data) => {
    const environment = bookEnvironment(data, data.train.tape, { begin: 'random', maxSteps: 300 }, 1);
    const observations: number[] = [...environment.reset({ seed: 3 }).observation];
    for (let n = 0; n < 250; n++) observations.push(...environment.step(n % 3).observation);
    return observations;
  });
  assert.equal(seen[0], seen[1]);
  // But the test's own are others.
  const ofTest = [one, two].map((data) => {
    const observations: number[] = [];
    passOverBook(data, data.test, (observation) => observations.push(...observation) * 0);
    return observations;
  });
  assert.ok(ofTest[0]!.length === ofTest[1]!.length && ofTest[0]!.some((value, n) => value !== ofTest[1]![n]));
});

test('parts that overlap, hold nothing, or cannot be are refused', () => {
  const whole = { from: '2024-01-01', to: '2025-01-01' };
  assert.throws(
    () => dataOf({ train: whole, test: whole }),
    /^test: expected a span that nothing is learned of, found/,
  );
  assert.throws(() => dataOf({ train: { share: 0.8 }, test: { share: 0.3 } }), /^test: .* which overlaps train/);
  assert.throws(() => dataOf({ test: { from: '2001-01-01', to: '2001-01-02' } }), /^test: expected a span within/);
  assert.throws(
    () => dataOf({ features: ['rzi'] }),
    /features: expected names of features such as microprice, found rzi/,
  );
  assert.throws(() => dataOf({ size: { qty: 0.0001 } }), /^size, qty: expected a quantity of at least 0.001, found/);
  assert.throws(() => dataOf({ reward: { name: 'pnl', parameters: { scal: 1 } } }), /scal/);
  const early = tapeBetween(TAPES[0]!, 0, 4);
  assert.throws(() => dataOf({}, [early]), /^tape: expected an order book that is valid for a time, found none/);
});

test.run();
