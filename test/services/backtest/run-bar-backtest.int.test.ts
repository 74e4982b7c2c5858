import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantLatency } from '../../../operators/matching/latency.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import { DEFAULT_RISK_LIMITS } from '../../../operators/risk/risk-limits.ts';
import { loadStrategy } from '../../../services/backtest/load-strategy.ts';
import { marketRecording } from '../../../services/backtest/market-recording.ts';
import { summarise } from '../../../services/backtest/report/summarise.ts';
import { type BacktestOptions, runBacktest } from '../../../services/backtest/run-backtest.ts';
import { importFile } from '../../../services/importer/import-file.ts';
import { withEmptyRedis } from '../importer/empty-redis.ts';
import { hasSharedData, sharedFile } from '../importer/shared-data.ts';
import {
  HOUR_MS,
  importFunding,
  instrument,
  MINUTE_MS,
  PARAMETERS,
  ROWS,
  redisUrl,
  SETTLEMENTS,
  START_MS,
  withCandles,
} from './candle-recordings.ts';

const test = suite('services/backtest/run-bar-backtest');

const refusal = (failing: Promise<unknown>): Promise<string> =>
  failing.then(
    () => 'nothing was refused',
    (error: Error) => error.message,
  );

test('a recording of candles alone is run by the coarser model, which the report says', () =>
  withCandles(async ({ run, redis }) => {
    await importFunding(redis);
    const result = await run();
    assert.ok(result.fills.length > 50, `${result.fills.length} fills`);
    assert.match(result.settings.models['market'] ?? '', /^candles of 5m: .*worse for the account/);
    assert.match(result.settings.models['fills'] ?? '', /half a spread of 1 ticks and slippage of 1 bps/);
    assert.is(result.settings.models['queue'], undefined);
    assert.is(result.warnings.length, 1);
    const { warnings } = summarise(result);
    assert.match(warnings[0]?.text ?? '', /^Only candles of 5m are recorded, so the run is by a coarser model/);
  }));

test('the same run has the same name and the same outcome, from the log and from the file of its candles', () =>
  withCandles(async ({ run, redis }) => {
    await importFunding(redis);
    const [one, other] = [await run(), await run()];
    assert.match(one.id, /^[0-9a-f]{16}$/);
    assert.ok(isDeepStrictEqual(one, other));
    const ids = await Promise.all(
      [
        {},
        { seed: 2 },
        { latency: constantLatency(5, 5) },
        { assumptions: { spreadTicks: 2, slippageBps: 1, volumeShare: 0.1 } },
        { assumptions: { spreadTicks: 1, slippageBps: 2, volumeShare: 0.1 } },
        { assumptions: { spreadTicks: 1, slippageBps: 1, volumeShare: 0.2 } },
        { to: START_MS + 24 * HOUR_MS },
      ].map(async (options) => (await run(options)).id),
    );
    assert.is(new Set(ids).size, ids.length);
    assert.is(ids[0], one.id);
  }));

test('what the account has is what it began with, what it realised, its fees, its funding, and its position', () =>
  withCandles(async ({ run, redis }) => {
    await importFunding(redis);
    const { curve, fills, funding, fromMs, toMs } = await run();
    assert.is(fromMs, START_MS);
    assert.is(toMs, START_MS + ROWS.length * 5 * MINUTE_MS);
    assert.ok(funding.length > 10, `${funding.length} settlements`);
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const cash =
      10_000 + sum(fills.map(({ realisedPnl, fee }) => realisedPnl - fee)) + sum(funding.map(({ amount }) => amount));
    let [position, cost] = [0, 0];
    for (const { side, qty, price, realisedPnl } of fills) {
      const direction = side === 'buy' ? 1 : -1;
      position += direction * qty;
      cost += direction * qty * price + realisedPnl;
    }
    const open = position * curve.price.at(-1)! - cost;
    assert.ok(Math.abs(cash + open - curve.equity.at(-1)!) < 1e-6, `${cash + open} and ${curve.equity.at(-1)}`);
    assert.ok(Math.abs(position - curve.position.at(-1)!) < 1e-9);
    // Longs pay where the rate is positive, by about 0.02 BTC at 60,000.
    for (const { timeMs, rate, amount } of funding) {
      const held = fills
        .filter((fill) => fill.timeMs < timeMs)
        .reduce((qty, { side, qty: more }) => qty + (side === 'buy' ? more : -more), 0);
      const price = Number(ROWS[(timeMs - START_MS) / (5 * MINUTE_MS) - 1]!.split(',')[4]);
      assert.ok(Math.abs(amount + held * price * rate) < 1e-7, `${amount} of ${held} at ${price} by ${rate}`);
    }
  }));

test('funding is found in another recording, or taken from the one that is named, and its lack is said', () =>
  withCandles(async ({ run, redis, candles }) => {
    const without = await run();
    assert.equal(without.funding, []);
    assert.match(without.warnings.join(), /No funding was recorded: costs of holding are missing/);
    assert.is(without.settings.models['funding'], 'none was recorded');
    const named = await importFunding(redis, SETTLEMENTS.slice(0, 3));
    const part = await run({ funding: named });
    assert.match(part.warnings.join(), /Funding was recorded for a part of the run only: for 6\.3 of 6\.9 days/);
    const whole = await importFunding(redis);
    const found = await run();
    assert.match(found.settings.models['funding'] ?? '', new RegExp(whole));
    assert.ok(found.funding.length > part.funding.length);
    assert.is(new Set([without.id, part.id, found.id]).size, 3);
    assert.match(
      await refusal(run({ funding: candles })),
      new RegExp(
        `--funding: expected a recording of ${instrument} that holds funding rates \\(.*${whole}.*\\), found ${candles}`,
      ),
    );
  }));

test('where none is named a run is of what orders can be filled against, and one of funding alone is refused', () =>
  withCandles(async ({ run, redis, candles }) => {
    const chosen = (fromUs?: number, toUs?: number) => marketRecording(redis, instrument, { fromUs, toUs });
    assert.is(await chosen(), candles);
    const settlements = await importFunding(redis);
    assert.is(await chosen(), candles);
    assert.is(await chosen((START_MS + HOUR_MS) * 1_000), candles);
    // Its first candle is not told at the instant at which it opens.
    assert.is(await chosen((START_MS - HOUR_MS) * 1_000), candles);
    assert.is(await chosen((START_MS - 2 * HOUR_MS) * 1_000, (START_MS - HOUR_MS) * 1_000), undefined);
    assert.match(
      await refusal(run({ recording: settlements })),
      /expected depth, trades, or candles of up to a day, found instrument, fundingRate$/,
    );
  }));

test('what the account does not have cannot be traded, and a large position is liquidated', () =>
  withCandles(async ({ run }) => {
    const poor = await run({ balance: 10 });
    assert.is(poor.fills.length, 0);
    assert.ok((poor.orders.rejected['-2019'] ?? 0) > 10, JSON.stringify(poor.orders.rejected));
    const bold = await run({ balance: 14, leverage: 100 });
    assert.ok(bold.liquidations > 0);
    const closed = bold.fills.find(({ outcome }) => outcome === 'liquidation')!;
    const candle = ROWS[Math.floor((closed.timeMs - START_MS) / (5 * MINUTE_MS))]!.split(',').map(Number);
    assert.is(closed.price, closed.side === 'sell' ? candle[3] : candle[2]);
  }));

test('an order beyond a risk limit is stopped, at the candle’s price', () =>
  withCandles(async ({ run }) => {
    const { orders, fills, settings } = await run({ limits: { ...DEFAULT_RISK_LIMITS, maxPosition: 0.01 } });
    assert.is(fills.length, 0);
    assert.is(orders.sent, 0);
    assert.ok((orders.stopped['position'] ?? 0) > 50, JSON.stringify(orders.stopped));
    assert.is(settings.limits['maxPosition'], 0.01);
    const lost = await run({ limits: { ...DEFAULT_RISK_LIMITS, maxDailyLoss: 1 } });
    assert.ok((lost.orders.stopped['daily-loss'] ?? 0) > 10, JSON.stringify(lost.orders.stopped));
  }));

test('missing candles are said, and what candles do not tell is refused by name', () =>
  withCandles(
    async ({ run }) => {
      const { invalidSpans } = await run();
      assert.equal(invalidSpans, [
        { fromMs: START_MS + 50 * MINUTE_MS, toMs: START_MS + 60 * MINUTE_MS, reason: 'kline_5m: missing' },
      ]);
      assert.match(
        await refusal(run({}, 'market-maker')),
        /asks for timers of 500 ms, and there are only candles of 5m/,
      );
      assert.match(
        await refusal(run({ parameters: { ...PARAMETERS, barMs: MINUTE_MS } })),
        /asks for bars of 60000 ms, and there are only candles of 5m/,
      );
      assert.match(await refusal(run({ from: 1, to: 2 })), /nothing is recorded/);
    },
    ROWS.filter((_, n) => n !== 10 && n !== 11),
  ));

test('a strategy that throws is named, with the time of the run', () =>
  withCandles(async ({ run }) => {
    const known = await loadStrategy('moving-average-cross');
    const onBar = () => {
      throw new TypeError('no such thing');
    };
    const strategy = { ...known, definition: { ...known.definition, create: () => ({ onBar }) } };
    assert.is(
      await refusal(run({ strategy })),
      'strategy moving-average-cross failed at 2024-03-01T00:15:00.000Z of the run: no such thing',
    );
  }));

test('candles without a volume are filled as a whole, which is said', () =>
  withCandles(
    async ({ run }) => {
      const { fills, warnings } = await run();
      assert.ok(fills.length > 50);
      assert.match(warnings.join(), /The volume of 2000 candles is not recorded/);
    },
    ROWS.map((row) => row.slice(0, row.lastIndexOf(',') + 1)),
  ));

if (hasSharedData)
  test('two years of candles with their funding', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'don-tapes-'));
    await withEmptyRedis(redisUrl, async (redis) => {
      const file = (name: string): string => sharedFile(`klines/usdm-BTCUSDT-${name}-2023-2024.csv.gz`);
      const { recording } = await importFile({ redis, file: file('5m'), instrument });
      await importFile({ redis, file: file('funding'), instrument });
      const strategy = await loadStrategy('moving-average-cross');
      const options: BacktestOptions = {
        redis,
        instrument,
        recording,
        strategy,
        parameters: { barMs: 4 * HOUR_MS, fast: 10, slow: 30, qty: 0.05 },
        queue: QUEUE_MODELS['risk-averse']!,
        latency: constantLatency(5, 5),
        seed: 1,
        balance: 10_000,
        leverage: 5,
        feeTier: 0,
        folder,
      };
      const [one, other] = [await runBacktest(options), await runBacktest(options)];
      assert.ok(isDeepStrictEqual(one, other));
      const report = summarise(one);
      assert.is(report.span.durationMs, 730 * 24 * HOUR_MS);
      // Three settlements a day, from the first fill on.
      assert.ok(one.funding.length > 2_100 && one.funding.length < 2_193, `${one.funding.length} settlements`);
      assert.ok(one.fills.length > 100 && one.fills.length < 500, `${one.fills.length} fills`);
      // 5 bps of all that was traded, and about 1 of slippage.
      assert.ok(Math.abs(report.costs.fees / report.traded - 0.0005) < 1e-6);
      assert.ok(Math.abs(report.costs.takerSpread / report.traded - 0.0001) < 0.00001);
    });
    rmSync(folder, { recursive: true });
  });

test.run();
