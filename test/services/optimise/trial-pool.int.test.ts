import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { DEFAULT_RISK_LIMITS } from '../../../operators/risk/risk-limits.ts';
import type { TrialAsk } from '../../../services/optimise/trial.ts';
import { createTrialPool } from '../../../services/optimise/trial-pool.ts';
import { LIVE } from '../../../streams/keys.ts';
import { testServers } from '../../support/servers.ts';
import { recordMarket, studiedMarket } from './recorded-study.ts';

const test = suite('services/optimise/trial-pool');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-pool-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const instrument = await recordMarket(redis);
const fromMs = Math.floor(studiedMarket()[0]!.receiveTimeUs / 1_000);

const strategy = join(folder, 'sometimes-endless.ts');
writeFileSync(
  strategy,
  `import { defineStrategy, wholeNumber } from 'don/strategy';
const strategy = defineStrategy({ name: 'sometimes-endless', title: '', says: '', everyMs: () => 500, events: ['timer'],
  parameters: { endless: wholeNumber('', { default: 0, says: '', least: 0, most: 1 }) },
  create: ({ endless }) => ({ onEvent: (_: unknown, market: any) => { while (endless === 1 && market.timeUs > 0); } }) });
export { strategy as default };\n`,
);

test('a trial that never returns fails by name, and the others go on', async () => {
  const of = { instrument, recording: LIVE, strategy, queue: 'risk-averse', latency: '5,5', seed: 1, folder };
  const market = { ...of, balance: 10_000, leverage: 5, feeTier: 0, limits: DEFAULT_RISK_LIMITS };
  const ask = (endless: number): TrialAsk => {
    const toMs = fromMs + 600_000;
    return { parameters: { endless }, fromMs, tradeFromMs: fromMs, toMs, periodMs: 60_000 };
  };
  // Several times what one takes on this machine now, with the start of its thread.
  const begunMs = performance.now();
  const alone = createTrialPool(1, { redisUrl, market });
  await alone.run(ask(0));
  await alone.close();
  const limitS = 3 + Math.ceil((5 * (performance.now() - begunMs)) / 1_000);
  const pool = createTrialPool(1, { redisUrl, market }, limitS * 1_000);
  try {
    const [before, endless, after] = await Promise.all([0, 1, 0].map((value) => pool.run(ask(value))));
    assert.is(endless!.failure, `it did not end within ${limitS} s`);
    assert.is(before!.failure, null);
    assert.equal(after, before);
  } finally {
    await pool.close();
  }
});

test('closes', () => redis.disconnect());

test.run();
