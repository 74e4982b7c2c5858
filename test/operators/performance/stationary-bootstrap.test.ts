import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blockLength } from '../../../operators/performance/block-length.ts';
import { percentileInterval, quantile } from '../../../operators/performance/interval.ts';
import { meanOf } from '../../../operators/performance/moments.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { bootstrap, resample } from '../../../operators/performance/stationary-bootstrap.ts';
import { random } from '../../../operators/random.ts';
import { near } from './near.ts';

const test = suite('operators/performance/stationary-bootstrap');

function autoregression(phi: number, count: number, seed = 3): number[] {
  const { normal } = random(seed);
  let value = 0;
  return Array.from({ length: count }, () => {
    value = phi * value + normal();
    return value;
  });
}

test('blocks go on where they are, round the end, and have the mean length', () => {
  const { uniform } = random(1);
  const places = new Int32Array(50_000);
  resample(places, 8, uniform);
  const jumps = places.subarray(1).filter((place, n) => place !== (places[n]! + 1) % places.length).length;
  near(places.length / jumps, 8, 0.3);
});

test('blocks of one are drawn anew each time, all places alike', () => {
  const { uniform } = random(2);
  const places = new Int32Array(10);
  const counts = new Array<number>(10).fill(0);
  for (let n = 0; n < 5_000; n++) {
    resample(places, 1, uniform);
    for (const place of places) counts[place]!++;
  }
  for (const count of counts) near(count, 5_000, 300);
});

test('columns are resampled by the same places', () => {
  const { uniform } = random(4);
  const first = [1, 2, 3, 4, 5];
  const [sums] = bootstrap([first, first.map((value) => -value)], [([a, b]) => meanOf(a!) + meanOf(b!)], {
    samples: 50,
    blockLength: 2,
    uniform,
  });
  assert.equal([...sums!], new Array<number>(50).fill(0));
});

test('figures without an answer are left out; without returns there are none', () => {
  const options = { samples: 20, blockLength: 1, uniform: random(5).uniform };
  assert.equal(
    bootstrap([[0.1, 0.1]], [([own]) => sharpeRatio(own!)], options).map((list) => list.length),
    [0],
  );
  assert.equal(
    bootstrap([[]], [() => 1], options).map((list) => list.length),
    [0],
  );
  assert.is(percentileInterval([], 0.95), null);
});

test('quantiles lie between neighbours in proportion', () => {
  assert.is(quantile([1, 2, 4], 0.5), 2);
  assert.is(quantile([1, 2, 4], 0.75), 3);
  assert.is(quantile([7], 0.3), 7);
  assert.equal(percentileInterval([0, 1, 2, 3, 4], 0.5), { low: 1, high: 3, level: 0.5 });
});

/** Share of simulated series of which the interval holds the true figure. */
function coverage(phi: number, count: number, truth: number, statistic: (own: Float64Array) => number | null): number {
  const { uniform } = random(77);
  let held = 0;
  for (let run = 0; run < 250; run++) {
    const returns = autoregression(phi, count, 1_000 + run).map((value) => value + 0.1 / (1 - phi));
    const options = { samples: 300, blockLength: blockLength(returns), uniform };
    const [figures] = bootstrap([returns], [([own]) => statistic(own!)], options);
    const { low, high } = percentileInterval(figures!, 0.95)!;
    if (low <= truth && truth <= high) held++;
  }
  return held / 250;
}

test('95 % intervals of independent normal returns hold the truth in about 95 % of the series', () => {
  const ofMean = coverage(0, 150, 0.1, (own) => meanOf(own));
  const ofSharpe = coverage(0, 150, 0.1, (own) => sharpeRatio(own));
  assert.ok(ofMean > 0.89 && ofMean < 0.985, `mean ${ofMean}`);
  assert.ok(ofSharpe > 0.89 && ofSharpe < 0.985, `Sharpe ${ofSharpe}`);
});

test('blocks keep intervals honest where returns depend on each other', () => {
  const withBlocks = coverage(0.6, 300, 0.25, (own) => meanOf(own));
  assert.ok(withBlocks > 0.85, `${withBlocks}`);
});

/** Straight from the paper: sums from −M to M, the lag by trying each. */
function paperBlockLength(x: number[]): number {
  const n = x.length;
  const mean = meanOf(x);
  const r = (k: number) => x.slice(Math.abs(k)).reduce((sum, v, i) => sum + (v - mean) * (x[i]! - mean), 0) / n;
  const [inRow, bound] = [Math.max(5, Math.ceil(Math.sqrt(Math.log10(n)))), 2 * Math.sqrt(Math.log10(n) / n)];
  let m = 0;
  while (!Array.from({ length: inRow }, (_, k) => m + k + 1).every((k) => Math.abs(r(k) / r(0)) < bound)) m++;
  const M = Math.min(2 * Math.max(m, 1), Math.ceil(Math.sqrt(n)) + inRow);
  let [g, spectrum] = [0, 0];
  for (let k = -M; k <= M; k++) {
    const t = Math.abs(k / M);
    const window = t <= 0.5 ? 1 : 2 * (1 - t);
    g += window * Math.abs(k) * r(k);
    spectrum += window * r(k);
  }
  return Math.cbrt((2 * g * g) / (2 * spectrum * spectrum)) * Math.cbrt(n);
}

test('the length of blocks is the paper’s, and near that of Python’s arch 7', () => {
  // arch.bootstrap.optimal_block_length takes M from a lag further on.
  for (const [phi, count, arch] of [
    [0.5, 500, 8.228],
    [0.9, 1_000, 31.644],
    [-0.4, 250, 6.918],
  ] as const) {
    const returns = autoregression(phi, count);
    near(blockLength(returns), paperBlockLength(returns), 1e-9, `φ ${phi}`);
    near(blockLength(returns) / arch, 1, 0.3, `φ ${phi} by arch`);
  }
});

test('independent returns need no blocks, and what cannot be told is 1', () => {
  assert.ok(blockLength(autoregression(0, 500)) < 2);
  assert.is(blockLength([]), 1);
  assert.is(blockLength([1, 2, 3]), 1);
  assert.is(blockLength([0.1, 0.1, 0.1, 0.1, 0.1]), 1);
  const trend = Array.from({ length: 100 }, (_, n) => n);
  assert.ok(blockLength(trend) <= 30, 'at most min(3 √n, n / 3), rounded up');
});

test.run();
