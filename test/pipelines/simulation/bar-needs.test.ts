import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveParameters } from '../../../operators/features/resolve-feature-set.ts';
import { unmetByCandles } from '../../../pipelines/simulation/bar-needs.ts';
import { defineStrategy, type StrategyDefinition } from '../../../pipelines/simulation/strategy.ts';
import { STRATEGIES } from '../../../pipelines/strategies/strategies.ts';

const test = suite('pipelines/simulation/bar-needs');

const MINUTE_MS = 60_000;
const known = (name: string): StrategyDefinition => STRATEGIES.find((strategy) => strategy.name === name)!;
const unmet = (strategy: StrategyDefinition, parameters: Readonly<Record<string, number>> = {}): string | undefined =>
  unmetByCandles(strategy, resolveParameters('test', strategy, parameters), '5m', 5 * MINUTE_MS);

test('bars and timers of a multiple of the candles are there', () => {
  for (const barMs of [5 * MINUTE_MS, 60 * MINUTE_MS])
    assert.is(unmet(known('moving-average-cross'), { barMs }), undefined);
  const timed = defineStrategy({ ...known('grid'), everyMs: () => 10 * MINUTE_MS });
  assert.is(unmet(timed), undefined);
});

test('what candles do not tell is named, with what is asked for', () => {
  assert.is(
    unmet(known('moving-average-cross'), { barMs: 7 * MINUTE_MS }),
    'strategy moving-average-cross asks for bars of 420000 ms, and there are only candles of 5m (300000 ms): expected a multiple of it',
  );
  assert.match(unmet(known('moving-average-cross'), { barMs: MINUTE_MS }) ?? '', /bars of 60000 ms/);
  assert.match(unmet(known('market-maker')) ?? '', /^strategy market-maker asks for timers of 500 ms/);
  assert.is(
    unmet(known('liquidation-fade')),
    'strategy liquidation-fade asks for liquidation, and there are only candles of 5m',
  );
});

test('candles tell features of bars, and no others', () => {
  const asking = (...features: string[]): string =>
    unmet({ ...known('moving-average-cross'), features }, { barMs: 5 * MINUTE_MS }) ?? '';
  assert.is(asking('rsi', 'obv'), '');
  assert.match(
    asking('rsi', 'microprice'),
    /asks for features of the book or of quotes, and there are only candles of 5m/,
  );
  assert.match(asking('vpin'), /asks for vpin, which is of trade, and there are only candles of 5m/);
});

test.run();
