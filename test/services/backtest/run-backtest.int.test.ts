import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../infra/home.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { resolveParameters } from '../../../operators/features/resolve-feature-set.ts';
import { constantLatency, logNormalLatency } from '../../../operators/matching/latency.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import type { BacktestResult } from '../../../services/backtest/backtest-result.ts';
import { loadStrategy } from '../../../services/backtest/load-strategy.ts';
import { type BacktestOptions, runBacktest } from '../../../services/backtest/run-backtest.ts';
import { LIVE } from '../../../streams/keys.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { appendEntries } from '../api/append-events.ts';

const test = suite('services/backtest/run-backtest');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-tapes-'));
const instrument = testInstrument();
/** Half quiet, half with faults. */
const MARKET = madeMarket({ seed: 61, events: 6_000, quietEvents: 3_000, snapshotEvery: 60 });

await appendEntries(redis, instrument, entriesOf(MARKET, [5]));

const PARAMETERS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'market-maker': { halfSpreadBps: 0 },
  grid: { stepBps: 0.1 },
  'moving-average-cross': { barMs: 1_000, fast: 3, slow: 9 },
  'liquidation-fade': { least: 0 },
};

async function run(name: string, options: Partial<BacktestOptions> = {}): Promise<BacktestResult> {
  const strategy = await loadStrategy(name);
  return runBacktest({
    redis,
    instrument,
    recording: LIVE,
    strategy,
    parameters: resolveParameters(name, strategy.definition, PARAMETERS[name] ?? {}),
    queue: QUEUE_MODELS['risk-averse']!,
    latency: logNormalLatency(2, 2, 0.5),
    seed: 1,
    balance: 10_000,
    leverage: 5,
    feeTier: 0,
    folder,
    ...options,
  });
}

for (const name of Object.keys(PARAMETERS)) {
  test(`${name}: the same run has the same name and the same outcome`, async () => {
    const [one, other] = [await run(name), await run(name)];
    assert.ok(one.fills.length > 3, `${one.fills.length} fills`);
    assert.match(one.id, /^[0-9a-f]{16}$/);
    assert.ok(isDeepStrictEqual(one, other));
  });

  test(`${name}: what the account has is what it began with, what it realised, its fees, its funding, and its position`, async () => {
    const { curve, fills, funding } = await run(name);
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const cash =
      10_000 + sum(fills.map(({ realisedPnl, fee }) => realisedPnl - fee)) + sum(funding.map(({ amount }) => amount));
    // Bought at what it cost, less what was sold of it.
    let [position, cost] = [0, 0];
    for (const { side, qty, price, realisedPnl } of fills) {
      const direction = side === 'buy' ? 1 : -1;
      position += direction * qty;
      cost += direction * qty * price + realisedPnl;
    }
    const open = position * curve.price.at(-1)! - cost;
    const after = fills.filter(({ timeMs }) => timeMs > curve.timesMs.at(-1)!);
    assert.is(after.length, 0);
    assert.ok(Math.abs(cash + open - curve.equity.at(-1)!) < 1e-6, `${cash + open} and ${curve.equity.at(-1)}`);
    assert.ok(Math.abs(position - curve.position.at(-1)!) < 1e-9);
  });
}

test('another seed, parameter, span or model is another run', async () => {
  const ids = await Promise.all(
    [
      {},
      { seed: 2 },
      { to: Math.floor(MARKET[4_000]!.receiveTimeUs / 1_000) },
      { balance: 9_999 },
      { latency: constantLatency(2, 2) },
    ].map(async (options) => (await run('market-maker', options)).id),
  );
  assert.is(new Set(ids).size, ids.length);
});

test('gaps that it went over, and where the book could not be trusted, are said', async () => {
  const { invalidSpans } = await run('grid');
  const reasons = new Set(invalidSpans.map(({ reason }) => reason));
  assert.ok(reasons.has('depth: sequence') && reasons.has('book'), [...reasons].join());
  for (const { fromMs, toMs } of invalidSpans) assert.ok(toMs >= fromMs);
});

test('what the account does not have cannot be traded', async () => {
  const { orders, fills } = await run('market-maker', { balance: 10 });
  assert.is(fills.length, 0);
  assert.ok((orders.rejected['-2019'] ?? 0) > 10, JSON.stringify(orders.rejected));
});

test('the strategy of docs/add-a-strategy.md runs as it stands there', async () => {
  const page = readFileSync(join(REPOSITORY, 'docs', 'add-a-strategy.md'), 'utf8');
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const file = join(folder, 'buy-the-dip.ts');
  writeFileSync(file, code);
  const strategy = await loadStrategy(file);
  assert.is(strategy.definition.name, 'buy-the-dip');
  const parameters = resolveParameters('test', strategy.definition, { fallBps: 0 });
  const { fills, settings } = await run('grid', { strategy, parameters });
  assert.ok(fills.length > 3, `${fills.length} fills`);
  assert.is(settings.strategyHash, strategy.hash);
});

test('a strategy that throws is named, with the time of the run', async () => {
  const known = await loadStrategy('grid');
  const definition = {
    ...known.definition,
    create: () => ({
      onEvent: () => {
        throw new TypeError('no such thing');
      },
    }),
  };
  const failed = await run('grid', { strategy: { ...known, definition } }).catch((error: Error) => error.message);
  assert.match(String(failed), /^strategy grid failed at 2024-\d\d-\d\dT[\d:.]+Z of the run: no such thing$/);
});

test('a span that holds nothing, and a strategy that there is not, are refused by name', async () => {
  const refusal = (failing: Promise<unknown>): Promise<string> =>
    failing.then(
      () => 'nothing was refused',
      (error: Error) => error.message,
    );
  assert.match(await refusal(run('grid', { from: 1, to: 2 })), /nothing is recorded/);
  assert.match(
    await refusal(loadStrategy('market-makr')),
    /expected one of market-maker, .*did you mean market-maker\?/,
  );
  assert.match(await refusal(loadStrategy('nowhere.ts')), /strategy: expected a file, found nothing at nowhere.ts/);
  assert.match(await refusal(loadStrategy('biome.json.ts')), /expected a file/);
});

test('ends', async () => {
  await redis.quit();
  rmSync(folder, { recursive: true });
});

test.run();
