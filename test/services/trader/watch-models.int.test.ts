import { rmSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { usualValues } from '../../../operators/drift/usual-values.ts';
import type { HaltCommand, TraderEvent } from '../../../operators/ledger/ledger-event.ts';
import { random } from '../../../operators/random.ts';
import { readModelWatch, watchModels } from '../../../services/trader/drift/watch-models.ts';
import { modelPath } from '../../../services/trainer/model/model-folder.ts';
import { findModel, stagesOf } from '../../../services/trainer/registry/find-model.ts';
import { promoteModel } from '../../../services/trainer/registry/promote-model.ts';
import { registerModel } from '../../../services/trainer/registry/register-model.ts';
import { ACCOUNTS_KEY, ledgerKey } from '../../../streams/keys.ts';
import { testServers } from '../../support/servers.ts';
import { BECAUSE, goodModel, home, pool } from '../trainer/registry/registry-rig.ts';
import { madeEntries, madeOpening, madeSettings } from './made-session.ts';
import { ledgerOf } from './trading-log.ts';

const test = suite('services/trader/watch-models');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const drawn = (seed: number, count: number): number[] => {
  const { uniform } = random(seed);
  return Array.from({ length: count }, () => uniform() + uniform() - 1);
};

/** A model on paper, whose account decides on what has moved so far. */
async function onPaper(shift: number) {
  const usual = [usualValues(drawn(1, 5_000), 100), usualValues(drawn(2, 5_000), 100)];
  const name = `watched-${process.pid}-${shift * 10}`;
  const model = { ...goodModel(Date.now() % 100_000, {}, 1 + shift * 10), usual };
  const { record } = await registerModel(pool, home, model, { name, who: 'eve' });
  await promoteModel(pool, { model: record.id, ...BECAUSE });
  const account = `account-${name}`;
  const settings = madeSettings('simulated:BTCUSDT', { strategy: `model:${record.id}` });
  const decided = drawn(3, 150).map(
    (value, n): TraderEvent => ({
      type: 'decided',
      timeUs: n * 1_000_000,
      entryId: `${n + 1}-0`,
      observation: [value + shift, value, 1, 1, 0, 0, 0, 0],
      action: 0,
      targetSteps: 0,
      equity: settings.balance,
    }),
  );
  for (const [n, event] of [madeOpening(madeEntries(10), settings), ...decided].entries())
    await redis.xadd(ledgerKey(account), '*', 'n', n, 'event', JSON.stringify(event));
  await redis.sadd(ACCOUNTS_KEY, account);
  return { account, id: record.id };
}

/** Ledgers that are read from their beginning meanwhile, each as often as it is. */
async function beginningsRead(work: () => Promise<unknown>): Promise<string[]> {
  const found: string[] = [];
  const xrange = redis.xrange;
  redis.xrange = ((...said: unknown[]) => {
    if (said[1] === '(0-0') found.push(String(said[0]));
    return (xrange as (...said: unknown[]) => unknown).apply(redis, said);
  }) as typeof xrange;
  await work();
  redis.xrange = xrange;
  return found;
}

test('a model that has drifted is told of, and demoted with its account halted where that is asked for', async () => {
  await redis.del(ACCOUNTS_KEY);
  const [fine, moved] = [await onPaper(0), await onPaper(0.5)];
  const beginnings = await beginningsRead(() => watchModels({ redis, pool, home, demotes: false }));
  assert.equal(beginnings.sort(), [fine, moved].map(({ account }) => ledgerKey(account)).sort(), 'once each');
  const look = async (demotes: boolean) => {
    const { models } = await watchModels({ redis, pool, home, demotes });
    return models.map(({ account, alarms, isDemoted, error }) => [account, alarms.length, isDemoted, error]);
  };
  const asTold = [
    [fine.account, 0, false, null],
    [moved.account, 1, false, null],
  ];
  assert.equal((await look(false)).sort(), asTold);
  assert.is((await findModel(pool, moved.id)).stage, 'paper');
  assert.equal((await readModelWatch(redis))!.models.length, 2);

  assert.equal((await look(true)).sort(), [asTold[0], [moved.account, 1, true, null]]);
  assert.is((await findModel(pool, moved.id)).stage, 'archived');
  assert.is((await findModel(pool, fine.id)).stage, 'paper');
  const last = (await stagesOf(pool, moved.id)).find(({ kind }) => kind === 'demote')!;
  assert.is(last.who, 'models-watch');
  assert.match(last.why, /^drift: roc has drifted: PSI/);
  const halt = (await ledgerOf(redis, moved.account)).at(-1)!.event as HaltCommand;
  assert.equal([halt.type, halt.by, halt.flattens], ['halt', 'models-watch', false]);
  assert.is((await ledgerOf(redis, fine.account)).at(-1)!.event.type, 'decided');
  // It is demoted already: nothing is told twice.
  assert.equal((await look(true)).sort()[1], [moved.account, 1, false, null]);
  assert.is((await ledgerOf(redis, moved.account)).filter(({ event }) => event.type === 'halt').length, 1);

  rmSync(modelPath(home, fine.id));
  assert.match(String((await look(false)).sort()[0]![3]), /^model [0-9a-f]+: expected a file, found nothing/);
});

test('closes', async () => {
  redis.disconnect();
  await pool.end();
});

test.run();
