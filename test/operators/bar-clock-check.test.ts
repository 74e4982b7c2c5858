import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BarClock } from '../../operators/bar-clock.ts';
import { checkedClock } from '../../operators/bar-clock-check.ts';
import { MIDPRICE } from '../../operators/features/midprice.ts';
import { resolveFeatureSet } from '../../operators/features/resolve-feature-set.ts';

const test = suite('operators/bar-clock-check');

const resolve = (clock: BarClock) =>
  resolveFeatureSet({
    name: 'default',
    version: 1,
    says: 'a set of a test',
    clock,
    sampling: 'quotes',
    features: [{ feature: MIDPRICE }],
  });

function refusal(clock: object): string {
  try {
    resolve(clock as BarClock);
  } catch (error) {
    assert.instance(error, RangeError);
    return (error as RangeError).message;
  }
  return 'none';
}

const IMBALANCE = { kind: 'imbalance', of: 'tick', expectedTrades: 100, span: 20 } as const;

test('clocks that can be are taken, from the least to the most of each field', () => {
  const clocks: readonly BarClock[] = [
    { kind: 'time', intervalMs: 1 },
    { kind: 'time', intervalMs: 604_800_000 },
    { kind: 'tick', trades: 1 },
    { kind: 'tick', trades: 1_000_000, restartMs: 1_000 },
    { kind: 'volume', qty: 1e-8, restartMs: 604_800_000 },
    { kind: 'dollar', notional: 1e15 },
    IMBALANCE,
    { ...IMBALANCE, expectedTrades: 1, span: 1 },
    { ...IMBALANCE, of: 'dollar', expectedTrades: 1_000_000, span: 1_000, restartMs: 86_400_000 },
  ];
  for (const clock of clocks) assert.equal(resolve(clock).clock, clock);
});

test('clocks that cannot be are refused, naming field, expected and found', () => {
  const cases: readonly (readonly [clock: object, says: string])[] = [
    [{ kind: 'tick', trades: 0 }, 'trades: expected a whole number from 1 to 1000000, found 0'],
    [{ kind: 'tick', trades: 1_000_001 }, 'trades: expected a whole number from 1 to 1000000, found 1000001'],
    [{ kind: 'tick', trades: 1.5 }, 'trades: expected a whole number from 1 to 1000000, found 1.5'],
    [{ kind: 'tick' }, 'trades: expected a whole number from 1 to 1000000, found undefined'],
    [{ kind: 'tick', trades: '5' }, 'trades: expected a whole number from 1 to 1000000, found 5'],
    [{ kind: 'tick', trades: 5, qty: 1 }, 'qty: expected fields among kind, trades, restartMs, found qty'],
    [
      { kind: 'tick', trades: 5, restartMs: 999 },
      'restartMs: expected a whole number of ms from 1000 to 604800000, found 999',
    ],
    [{ kind: 'time', intervalMs: 0 }, 'intervalMs: expected a whole number of ms from 1 to 604800000, found 0'],
    [
      { kind: 'time', intervalMs: 1_000, restartMs: 86_400_000 },
      'restartMs: expected fields among kind, intervalMs, found restartMs',
    ],
    [{ kind: 'volume', qty: 0 }, 'qty: expected a number above 0, up to 1000000000000, found 0'],
    [{ kind: 'volume', qty: Number.NaN }, 'qty: expected a number above 0, up to 1000000000000, found NaN'],
    [
      { kind: 'dollar', notional: Number.POSITIVE_INFINITY },
      'notional: expected a number above 0, up to 1000000000000000, found Infinity',
    ],
    [{ ...IMBALANCE, of: 'price' }, 'of: expected one of tick, volume, dollar, found price'],
    [{ ...IMBALANCE, expectedTrades: 0 }, 'expectedTrades: expected a whole number from 1 to 1000000, found 0'],
    [{ ...IMBALANCE, span: 1_001 }, 'span: expected a whole number from 1 to 1000, found 1001'],
    [{ kind: 'range', ticks: 5 }, 'kind: expected one of time, kline, tick, volume, dollar, imbalance, found range'],
  ];
  for (const [clock, says] of cases) assert.is(refusal(clock), `feature set default, clock, ${says}`);
});

test('equal clocks are equal as text, however they were written', () => {
  const other: BarClock = { span: 20, expectedTrades: 100, of: 'tick', kind: 'imbalance' };
  assert.is(JSON.stringify(checkedClock('', other)), JSON.stringify(checkedClock('', IMBALANCE)));
  assert.is(resolve(other).definition, resolve(IMBALANCE).definition);
  assert.not.equal(resolve(other).definition, resolve({ ...other, restartMs: 86_400_000 }).definition);
});

test.run();
