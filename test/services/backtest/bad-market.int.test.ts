import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { constantLatency } from '../../../operators/matching/latency.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import { riskLimits, type SaidLimits } from '../../../operators/risk/risk-limits.ts';
import { defineStrategy, type Market } from '../../../pipelines/simulation/strategy.ts';
import type { BacktestResult } from '../../../services/backtest/backtest-result.ts';
import { runBacktest } from '../../../services/backtest/run-backtest.ts';
import type { EventToAppend } from '../../../streams/entry.ts';
import { LIVE } from '../../../streams/keys.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { appendEntries } from '../api/append-events.ts';

// What a recording lacks, and what a strategy asks for that cannot be: each with its answer of docs/simulator.md.

const test = suite('services/backtest/bad-market');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-bad-'));
const MARKET = madeMarket({ seed: 71, events: 3_000, hasFaults: false, snapshotEvery: 200 });

interface Asked {
  readonly onTimer: (market: Market) => void;
  readonly everyMs?: number;
  readonly limits?: SaidLimits;
}

/** A run over the made market, or what is left of it, of a strategy that does one thing. */
async function run(
  { onTimer, everyMs = 1_000, limits = {} }: Asked,
  isLeft: (event: EventToAppend) => boolean = () => true,
): Promise<BacktestResult> {
  const instrument = testInstrument();
  await appendEntries(redis, instrument, entriesOf(MARKET.filter(isLeft), [5]));
  const definition = defineStrategy({
    name: 'asks',
    title: '',
    says: '',
    parameters: {},
    events: ['timer'],
    everyMs: () => everyMs,
    create: () => ({ onEvent: (_, market) => onTimer(market) }),
  });
  return runBacktest({
    redis,
    instrument,
    recording: LIVE,
    strategy: { definition, hash: 'none' },
    parameters: {},
    queue: QUEUE_MODELS['risk-averse']!,
    latency: constantLatency(1, 1),
    seed: 1,
    balance: 100_000,
    leverage: 5,
    feeTier: 0,
    limits: riskLimits(limits),
    folder,
  });
}

/** Quotes at the touch, one order at a time a side. */
function quotesTouch(market: Market): void {
  if (market.orders.length > 0 || !(market.bidTicks < market.askTicks)) return;
  market.placeLimit('buy', market.bidTicks, 1);
  market.placeLimit('sell', market.askTicks, 1);
}

test('without trades nothing in a queue is filled by them, which is said', async () => {
  const whole = await run({ onTimer: quotesTouch });
  assert.equal(whole.warnings, []);
  const { fills, warnings } = await run(
    { onTimer: quotesTouch },
    ({ channel }) => channel !== 'aggTrade' && channel !== 'trade',
  );
  assert.ok(whole.fills.some(({ outcome }) => outcome === 'queue'));
  assert.not(fills.some(({ outcome }) => outcome === 'queue'));
  assert.is(warnings.length, 1);
  assert.match(warnings[0]!, /^No trade is recorded in that span/);
});

test('without a snapshot the book is never known, nothing is taken from it, and that is said', async () => {
  const { fills, orders, warnings, invalidSpans } = await run(
    { onTimer: (market) => market.placeMarket('buy', 1) },
    ({ channel }) => channel !== 'depthSnapshot',
  );
  assert.is(fills.length, 0);
  assert.ok(orders.sent === 0 || Object.keys(orders.rejected).length > 0, JSON.stringify(orders));
  assert.match(warnings.join(), /^No snapshot of the book is recorded in that span/);
  assert.is(invalidSpans.at(-1)?.reason, 'book');
});

test('without depth that is said, too', async () => {
  const { warnings, fills } = await run({ onTimer: quotesTouch }, ({ channel }) => !/^depth/.test(channel));
  assert.is(fills.length, 0);
  assert.match(warnings.join(), /No depth is recorded in that span.*No snapshot/);
});

test('orders that cannot be are refused with the code of the venue, and no limit lets them through', async () => {
  const codes: [(market: Market) => void, code: string][] = [
    [(market) => market.placeLimit('buy', market.bidTicks - 0.5, 1), '-4014'],
    [(market) => market.placeLimit('buy', market.bidTicks, 0), '-4003'],
    [(market) => market.placeLimit('buy', market.bidTicks, 1.5), '-4023'],
    [(market) => market.placeLimit('buy', market.bidTicks, 10_000), '-2019'],
    [(market) => market.placeLimit('buy', market.bidTicks, 1_000_000_000), '-2027'],
  ];
  for (const [onTimer, code] of codes) {
    const { orders, fills } = await run({ onTimer, limits: { maxBookAgeMs: 'off' } });
    assert.is(fills.length, 0);
    assert.equal(Object.keys(orders.rejected), [code], JSON.stringify(orders));
    assert.is(orders.rejected[code], orders.sent);
  }
});

test('orders over a limit, or a thousand a second, are stopped before they are sent', async () => {
  const notional = await run({ onTimer: quotesTouch, limits: { maxOrderNotional: 1 } });
  assert.is(notional.orders.sent, 0);
  assert.ok((notional.orders.stopped['order-notional'] ?? 0) > 10, JSON.stringify(notional.orders.stopped));
  const many = await run({
    everyMs: 100,
    onTimer(market) {
      for (let n = 0; n < 100; n++) market.placeLimit('buy', market.bidTicks - 100, 1);
    },
  });
  assert.ok((many.orders.stopped['order-rate'] ?? 0) > 1_000, JSON.stringify(many.orders.stopped));
  const seconds = (MARKET.at(-1)!.receiveTimeUs - MARKET[0]!.receiveTimeUs) / 1e6;
  assert.ok(many.orders.sent <= 300 * Math.ceil(seconds / 10 + 1), `${many.orders.sent} in ${seconds} s`);
});

test('ends', async () => {
  await redis.quit();
  rmSync(folder, { recursive: true });
});

test.run();
