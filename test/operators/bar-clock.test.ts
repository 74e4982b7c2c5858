import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ActivityClock, type BarClock, type BarClockInput, barClock } from '../../operators/bar-clock.ts';
import type { BarBreak, ClosedBar } from '../../operators/features/feature-input.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { testProjectionContract } from '../support/projection-contract.ts';
import { gap, instrument, randomTrades, seededRandom, trade } from './market-events.ts';
import { naiveBars, naiveEnds } from './naive-bars.ts';

const test = suite('operators/bar-clock');

const CLOCKS: Readonly<Record<string, ActivityClock>> = {
  tick: { kind: 'tick', trades: 12 },
  volume: { kind: 'volume', qty: 7.5 },
  dollar: { kind: 'dollar', notional: 500_000 },
  'tick imbalance': { kind: 'imbalance', of: 'tick', expectedTrades: 20, span: 8 },
  'volume imbalance': { kind: 'imbalance', of: 'volume', expectedTrades: 20, span: 8 },
  'dollar imbalance': { kind: 'imbalance', of: 'dollar', expectedTrades: 20, span: 8 },
};

function told(clock: BarClock, events: readonly BarClockInput[]): (ClosedBar | BarBreak)[] {
  const { initialState, evolve, project } = barClock(clock);
  let state = initialState();
  return events.flatMap((event) => {
    state = evolve(state, event);
    return project(state, event) ?? [];
  });
}

function barsOf(clock: BarClock, events: readonly BarClockInput[]): ClosedBar[] {
  return told(clock, events).filter((item) => item.type === 'bar');
}

/** A market whose takers lean to one side for a while; some times are the same, some go back. */
function leaningTrades(seed: number, count: number): Trade[] {
  const random = seededRandom(seed);
  let lean = 0.5;
  return randomTrades(seed, count).map((item, n, all) => {
    if (n % 150 === 0) lean = 0.1 + 0.8 * random();
    const isAtOnce = n > 0 && random() < 0.2;
    const transactionTimeMs = isAtOnce ? all[n - 1]!.transactionTimeMs : item.transactionTimeMs;
    return { ...item, transactionTimeMs, aggressorSide: random() < lean ? 'buy' : 'sell' };
  });
}

const TRADES = leaningTrades(71, 1_200);

for (const [name, clock] of Object.entries(CLOCKS)) {
  test(`${name} bars are what their definition gives`, () => {
    const found = barsOf(clock, [instrument(), ...TRADES]);
    assert.ok(found.length > 40, `${found.length} bars`);
    assert.equal(found, naiveBars(clock, TRADES));
  });

  // An instrument event has functions, which cannot be compared: it has been told before.
  const { initialState, evolve, project } = barClock(clock);
  testProjectionContract(test, `the ${name} clock`, {
    projection: { initialState: () => evolve(initialState(), instrument()), evolve, project },
    events: () => [...leaningTrades(72, 400), gap('aggTrade'), gap('depth'), ...leaningTrades(73, 200)],
    firstOutput: naiveEnds(clock, leaningTrades(72, 400))[0]!,
  });

  test(`after a gap of trades ${name} bars are those of a clock that begins there`, () => {
    const ends = naiveEnds(clock, TRADES);
    const cut = TRADES.findIndex((_, n) => n > 600 && !ends.includes(n - 1));
    const [before, after] = [TRADES.slice(0, cut), TRADES.slice(cut)];
    for (const channel of ['aggTrade', 'trade'])
      assert.equal(told(clock, [instrument(), ...before, gap(channel), ...after]), [
        ...naiveBars(clock, before),
        { type: 'barBreak' },
        ...naiveBars(clock, after),
      ]);
    assert.equal(
      told(clock, [instrument(), ...before, gap('depth'), gap('kline_1m'), ...after]),
      naiveBars(clock, TRADES),
      'only gaps of trades',
    );
    assert.not.equal([...naiveBars(clock, before), ...naiveBars(clock, after)], naiveBars(clock, TRADES));
  });

  test(`${name} clocks that began at different times agree from the restart on`, () => {
    const restarting = { ...clock, restartMs: 30_000 };
    const firstMs = TRADES[0]!.transactionTimeMs;
    const boundaryMs = Math.ceil(TRADES[30]!.transactionTimeMs / 30_000) * 30_000;
    const later = (bars: readonly ClosedBar[]) => bars.filter(({ openTimeMs }) => openTimeMs >= boundaryMs);
    const one = barsOf(restarting, [instrument(), ...TRADES]);
    const other = barsOf(restarting, [instrument(), ...TRADES.slice(17)]);
    assert.ok(boundaryMs > firstMs && later(one).length > 30);
    assert.equal(later(one), later(other));
    // Each part by itself, as far as it goes; a trade that is late belongs to the part in which it comes.
    const parts = new Map<number, Trade[]>();
    let period = 0;
    for (const item of TRADES) {
      period = Math.max(period, Math.floor(item.transactionTimeMs / 30_000));
      parts.set(period, [...(parts.get(period) ?? []), item]);
    }
    assert.ok(parts.size > 5);
    assert.equal(
      one,
      [...parts.values()].flatMap((part) => naiveBars(clock, part)),
    );
    assert.is(
      told(restarting, [instrument(), ...TRADES]).every(({ type }) => type === 'bar'),
      true,
      'nothing is missing',
    );
  });

  test(`where the units change, ${name} bars begin anew`, () => {
    const [before, after] = [TRADES.slice(0, 500), TRADES.slice(500)];
    const same = [instrument(), ...before, instrument(), ...after];
    assert.equal(told(clock, same), naiveBars(clock, TRADES), 'being told of the same units changes nothing');
    const other = told(clock, [instrument(), ...before, instrument('0.10', '0.002'), ...after]);
    const begun = told(clock, [instrument('0.10', '0.002'), ...after]);
    assert.equal(other, [...naiveBars(clock, before), { type: 'barBreak' }, ...begun]);
  });
}

const at = (steps: number, ms = steps): Trade => trade(ms, 100, steps, { firstTradeId: 1, lastTradeId: 1 });
const volumes = (clock: BarClock, events: readonly BarClockInput[]): number[] =>
  barsOf(clock, events).map(({ volume }) => volume);

test('a trade that reaches the amount closes the bar, with all of it, and the next begins with nothing', () => {
  const clock: BarClock = { kind: 'volume', qty: 0.01 };
  assert.equal(volumes(clock, [instrument(), at(4), at(6), at(9), at(35), at(9), at(1)]), [10, 44, 10]);
  assert.equal(volumes({ kind: 'dollar', notional: 1 }, [instrument(), at(99), at(1), at(200), at(50)]), [100, 200]);
  const three = (ms: number): Trade => trade(ms, 100, 1, { firstTradeId: 1, lastTradeId: 3 });
  assert.equal(volumes({ kind: 'tick', trades: 4 }, [three(1), three(2), three(3), three(4)]), [2, 2]);
  assert.equal(volumes({ kind: 'tick', trades: 1 }, [three(1), three(2)]), [1, 1]);
});

test('amounts on the grid are reached exactly', () => {
  for (const [step, decimals] of [
    ['0.1', 1],
    ['0.001', 3],
    ['0.00000001', 8],
  ] as const)
    for (let count = 2; count < 3_000; count += 7) {
      const clock: BarClock = { kind: 'volume', qty: Number((count / 10 ** decimals).toFixed(decimals)) };
      const said = volumes(clock, [instrument('0.1', step), at(count - 1), at(1), at(count)]);
      assert.equal(said, [count, count], `${clock.qty} of ${step}`);
    }
  assert.equal(volumes({ kind: 'volume', qty: 0.0105 }, [instrument(), at(10), at(1)]), [11], 'off the grid: above it');
  assert.equal(volumes({ kind: 'volume', qty: 1e-9 }, [instrument(), at(1), at(1)]), [1, 1], 'less than a step');
});

test('bars of volume and notional wait for the units; those of trades do not', () => {
  for (const clock of [{ kind: 'volume', qty: 0.001 } as const, { kind: 'dollar', notional: 0.01 } as const]) {
    assert.equal(told(clock, [at(1), at(1)]), []);
    assert.equal(volumes(clock, [at(7), instrument(), at(2)]), [2]);
  }
  assert.equal(volumes({ kind: 'tick', trades: 2 }, [at(1), at(1)]), [2]);
});

test('a bar is of the times of its trades, up to the latest', () => {
  const times = (...ms: number[]) =>
    barsOf(
      { kind: 'tick', trades: 3 },
      ms.map((time) => at(1, time)),
    ).map((bar) => [bar.openTimeMs, bar.closeTimeMs]);
  assert.equal(times(5, 6, 9, 9, 9, 9, 20, 8, 12), [
    [5, 9],
    [9, 9],
    [20, 20],
  ]);
});

test('expectations of imbalance bars stay within a tenth and ten times of what was said', () => {
  const clock: BarClock = { kind: 'imbalance', of: 'tick', expectedTrades: 20, span: 2 };
  const ends = (sides: readonly ('buy' | 'sell')[]): number[] => {
    const trades = sides.map((aggressorSide, n) => ({ ...at(1, n), aggressorSide }));
    return barsOf(clock, trades).map(({ volume }) => volume);
  };
  const balanced = ends(Array.from({ length: 2_000 }, (_, n) => (n % 2 === 0 ? 'buy' : 'sell')));
  assert.is(balanced[0], 20, 'the first closes by its trades');
  assert.ok(balanced.length > 500 && Math.min(...balanced) >= 2, 'not each trade a bar');
  const turned = ends(Array.from({ length: 4_000 }, (_, n) => (n < 100 || n % 2 === 0 ? 'buy' : 'sell')));
  assert.is(Math.max(...turned), 200, 'not one bar for ever');
});

test('one aggTrade of very many trades does not carry the expected length beyond its bound', () => {
  const clock: BarClock = { kind: 'imbalance', of: 'volume', expectedTrades: 2, span: 1 };
  const many = trade(1, 100, 1_000, { firstTradeId: 1, lastTradeId: 1_000 });
  // Of 1 step each, so that 20 of them are expected, and four of 5 steps come to as much.
  const found = volumes(clock, [many, ...Array.from({ length: 4 }, () => at(5))]);
  assert.equal(found, [1_000, 20]);
});

test('a late trade does not take the clock back behind a restart', () => {
  const clock: BarClock = { kind: 'tick', trades: 3, restartMs: 1_000 };
  const times = [900, 1_100, 950, 1_050, 1_200].map((ms) => at(1, ms));
  assert.equal(
    barsOf(clock, times).map(({ openTimeMs }) => openTimeMs),
    [1_100],
  );
});

test('ids that run backwards are one trade', () => {
  const odd = trade(1, 100, 5, { firstTradeId: 9, lastTradeId: 3 });
  assert.equal(volumes({ kind: 'tick', trades: 2 }, [odd, odd]), [10]);
  const clock: BarClock = { kind: 'imbalance', of: 'volume', expectedTrades: 2, span: 1 };
  assert.equal(volumes(clock, [odd, odd, odd, odd]), [10, 10]);
});

test.run();
