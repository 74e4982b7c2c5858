import type { BenchContext } from './bench.ts';
import { type CapturedPayload, capturePayloads } from './capture-payloads.ts';

/** Diffs made where no capture is there. */
const DIFFS = 6_000;
/** Levels a side of a made diff: as many as BTCUSDT's have. */
const LEVELS = 34;

export interface BenchPayloads {
  readonly payloads: readonly CapturedPayload[];
  /** Said with the result where it is no capture. */
  readonly note: string | undefined;
}

/** The capture's payloads, or made ones of the same shape. */
export function benchPayloads({ captures }: BenchContext): BenchPayloads {
  const captured = capturePayloads(captures);
  if (captured !== undefined) return { payloads: captured, note: undefined };
  return { payloads: madePayloads(), note: 'input made by a model: no capture was found' };
}

function madePayloads(): CapturedPayload[] {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const level = (tick: number, mayBeEmpty: boolean): [string, string] => {
    const steps = mayBeEmpty && random(3) === 0 ? 0 : 1 + random(20_000);
    return [(tick / 10).toFixed(2), (steps / 1_000).toFixed(3)];
  };
  const side = (from: number, sign: 1 | -1, count: number, isDiff: boolean): [string, string][] =>
    Array.from({ length: count }, (_, n) => level(from + sign * (isDiff ? random(3_000) : n), isDiff));
  const filters = [
    { filterType: 'PRICE_FILTER', tickSize: '0.10' },
    { filterType: 'LOT_SIZE', stepSize: '0.001' },
  ];
  const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const snapshot = { lastUpdateId: 1_000, bids: side(600_000, -1, 1_000, false), asks: side(600_001, 1, 1_000, false) };
  const payloads: CapturedPayload[] = [
    ['instrument', text({ symbol: 'BTCUSDT', filters })],
    ['depthSnapshot', text(snapshot)],
  ];
  for (let n = 1; n <= DIFFS; n++) {
    const E = 1_723_161_256_299 + n * 100;
    const ids = { U: n * 1_000 + 1, u: (n + 1) * 1_000, pu: n * 1_000 };
    const levels = { b: side(600_000, -1, LEVELS, true), a: side(600_001, 1, LEVELS, true) };
    payloads.push(['depth', text({ e: 'depthUpdate', E, T: E - 1, s: 'BTCUSDT', ...ids, ...levels })]);
  }
  return payloads;
}
