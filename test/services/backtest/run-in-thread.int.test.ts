import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { resolveParameters } from '../../../operators/features/resolve-feature-set.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import type { BacktestWork } from '../../../services/backtest/backtest-worker.ts';
import { latencyOf } from '../../../services/backtest/latency-of.ts';
import { loadStrategy } from '../../../services/backtest/load-strategy.ts';
import { runBacktest } from '../../../services/backtest/run-backtest.ts';
import { runInThread } from '../../../services/backtest/run-in-thread.ts';
import { LIVE } from '../../../streams/keys.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { appendEntries } from '../api/append-events.ts';

const test = suite('services/backtest/run-in-thread');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-thread-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const instrument = testInstrument();
await appendEntries(redis, instrument, entriesOf(madeMarket({ seed: 7, events: 3_000, snapshotEvery: 60 }), [5]));

const { definition } = await loadStrategy('market-maker');
const WORK: BacktestWork = {
  redisUrl,
  instrument,
  recording: LIVE,
  strategy: 'market-maker',
  parameters: resolveParameters('market-maker', definition, { halfSpreadBps: 0 }),
  queue: 'risk-averse',
  latency: '2,2,0.5',
  seed: 1,
  balance: 10_000,
  leverage: 5,
  feeTier: 0,
  folder,
};
const HEARD = { onProgress: () => {}, signal: new AbortController().signal };

/** Of a strategy's file that does this at each timer. */
function fileOf(name: string, onTimer: string): string {
  const path = join(folder, `${name}.ts`);
  writeFileSync(
    path,
    `import { defineStrategy } from 'don/strategy';
const strategy = defineStrategy({ name: '${name}', title: '', says: '', parameters: {}, events: ['timer'], everyMs: () => 500,
  create: () => ({ onEvent: (_: unknown, market: any) => { ${onTimer} } }) });
export { strategy as default };\n`,
  );
  return path;
}

const errorOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('no error'),
    (error: Error) => error,
  );

test('is the same run as without a thread', async () => {
  let told = 0;
  const found = await runInThread(WORK, {
    ...HEARD,
    onProgress: (events) => {
      told = events;
    },
  });
  const { redisUrl: _, strategy, queue, latency, ...plain } = WORK;
  const models = { queue: QUEUE_MODELS[queue]!, latency: latencyOf(latency)! };
  const expected = await runBacktest({ ...plain, redis, strategy: await loadStrategy(strategy), ...models });
  assert.equal(found, expected);
  assert.ok(found.fills.length > 10 && told > 2_000);
});

test('a strategy that never returns is ended and named', async () => {
  const work = { ...WORK, strategy: fileOf('endless', 'while (market.timeUs > 0);'), parameters: {} };
  const { message } = await errorOf(runInThread(work, { ...HEARD, silentMs: 2_000 }));
  assert.match(message, /^strategy .*endless\.ts did not answer for 2 s, after \d+ events$/);
});

test('one that throws is named with the time, bad input stays what it is', async () => {
  const thrower = { ...WORK, strategy: fileOf('thrower', 'throw new Error("no more")'), parameters: {} };
  const { message } = await errorOf(runInThread(thrower, HEARD));
  assert.match(message, /^strategy thrower failed at 2024-.*Z of the run: no more$/);
  const nothing = await errorOf(runInThread({ ...WORK, from: 1, to: 2 }, HEARD));
  assert.instance(nothing, BadInput);
});

test('interrupted, it ends at once', async () => {
  const controller = new AbortController();
  const work = { ...WORK, strategy: fileOf('endless2', 'while (market.timeUs > 0);'), parameters: {} };
  const running = errorOf(runInThread(work, { ...HEARD, signal: controller.signal }));
  setTimeout(() => controller.abort(new Error('interrupted')), 1_000);
  assert.is((await running).message, 'interrupted');
});

test('closes', () => redis.disconnect());

test.run();
