import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { usualValues } from '../../../operators/drift/usual-values.ts';
import type { TraderEvent } from '../../../operators/ledger/ledger-event.ts';
import { random } from '../../../operators/random.ts';
import { modelDrift } from '../../../services/trader/drift/model-drift.ts';
import { writeModel } from '../../../services/trainer/model/model-folder.ts';
import { ACCOUNTS_KEY, ledgerKey } from '../../../streams/keys.ts';
import { runDon } from '../../support/run-don.ts';
import { testServers } from '../../support/servers.ts';
import { smallModel } from '../trainer/model/small-model.ts';
import { madeEntries, madeOpening, madeSettings } from './made-session.ts';

const test = suite('services/trader/model-drift');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const home = mkdtempSync(join(tmpdir(), 'don-drift-'));
const DAY_US = 86_400_000_000;
const START_US = Date.UTC(2026, 0) * 1_000;

const drawn = (seed: number, count: number): number[] => {
  const { uniform } = random(seed);
  return Array.from({ length: count }, () => uniform() + uniform() + uniform() - 1.5);
};
const usual = [usualValues(drawn(1, 5_000), 200), usualValues(drawn(2, 5_000), 200)];
const id = writeModel(home, smallModel({ usual }));

/** An account with decisions of ten days, each of which gains a part. */
async function traded(name: string, shift: number, gain: number, strategy = `model:${id}`): Promise<string> {
  const account = `drift-${process.pid}-${name}`;
  const settings = madeSettings('simulated:BTCUSDT', { strategy, balance: 1_000 });
  const opened = { ...madeOpening(madeEntries(10), settings), tradesFromUs: START_US };
  const [first, second] = [drawn(3, 500), drawn(4, 500)];
  const decided = first.map(
    (one, n): TraderEvent => ({
      type: 'decided',
      timeUs: START_US + (n / 50) * DAY_US,
      entryId: `${n + 1}-0`,
      // The second is not valid now and then.
      observation: [one + shift, n % 50 === 0 ? 0 : second[n]!, 1, n % 50 === 0 ? 0 : 1, 0, 0, 0, 0],
      action: 0,
      targetSteps: 0,
      equity: 1_000 * (1 + gain) ** Math.floor(n / 50),
    }),
  );
  for (const [n, event] of [opened, ...decided].entries())
    await redis.xadd(ledgerKey(account), '*', 'n', n, 'event', JSON.stringify(event));
  await redis.sadd(ACCOUNTS_KEY, account);
  return account;
}

test('what is as it was in training and test raises no alarm', async () => {
  const found = await modelDrift(redis, await traded('usual', 0, 0.002), home);
  assert.equal(found.alarms, []);
  assert.is(found.decisions, 500);
  assert.equal(
    found.features!.map(({ name, count, verdict }) => [name, count, verdict]),
    [
      ['roc', 200, 'usual'],
      ['z', 200, 'usual'],
    ],
  );
  assert.is(found.performance.periods, 9);
  assert.is(found.performance.verdict, 'usual');
});

test('a feature that moved is named, and a loss beyond what the test had', async () => {
  const moved = await modelDrift(redis, await traded('moved', 0.5, 0.002), home);
  assert.is(moved.alarms.length, 1);
  assert.match(moved.alarms[0]!, /^roc has drifted: PSI [\d.]+ \(usual up to [\d.]+\), KS /);
  const losing = await modelDrift(redis, await traded('losing', 0, -0.02), home);
  assert.equal(losing.alarms.length, 1);
  assert.match(losing.alarms[0]!, /^it loses more than its test lets expect: -16.63 % in 9 periods, where 99 of 100/);
});

test('the command tells it, and ends with 1 where there is an alarm', async () => {
  const where = { home, env: { DON_REDIS_URL: redisUrl } };
  const good = await runDon(['trade', 'drift', '--account', `drift-${process.pid}-usual`], where);
  assert.is(good.status, 0, good.stderr);
  assert.match(good.stdout, /No alarm\./);
  const bad = await runDon(['trade', 'drift', '--account', `drift-${process.pid}-moved`], where);
  assert.is(bad.status, 1);
  assert.match(bad.stdout, /ALARM: roc has drifted/);
  const other = await traded('other', 0, 0, 'market-maker');
  const refused = await runDon(['trade', 'drift', '--account', other], where);
  assert.is(refused.status, 2);
  assert.match(refused.stderr, /expected one whose last session was a model’s, found drift-\d+-other: market-maker/);
});

test('closes', () => redis.disconnect());

test.run();
