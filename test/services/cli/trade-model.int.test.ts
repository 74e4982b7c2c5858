import { rmSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import type { StartCommand } from '../../../operators/ledger/ledger-event.ts';
import { modelPath } from '../../../services/trainer/model/model-folder.ts';
import { demoteModel } from '../../../services/trainer/registry/demote-model.ts';
import { promoteModel } from '../../../services/trainer/registry/promote-model.ts';
import { runDon } from '../../support/run-don.ts';
import { testServers } from '../../support/servers.ts';
import { ledgerOf } from '../trader/trading-log.ts';
import { BECAUSE, home, pool, postgresUrl, registered } from '../trainer/registry/registry-rig.ts';

const test = suite('services/cli/trade-model');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const env = { DON_POSTGRES_URL: postgresUrl, DON_REDIS_URL: redisUrl };
const start = (...args: string[]) => runDon(['trade', 'start', ...args], { home, env });
const told = ({ stderr }: { stderr: string }) => stderr.trim().split('\n').at(-1)!;

test('a model trades by its name in the registry, once it is on paper', async () => {
  const { name, models } = await registered(2);
  const [first, second] = models;
  const account = `agent-${process.pid}`;
  const early = await start('--model', name, '--account', account);
  assert.is(early.status, 2);
  assert.is(
    told(early),
    `don: --model: expected one in stage paper or live, found ${name}:v2 (${second!.id}), which is candidate; see don models promote`,
  );
  await promoteModel(pool, { model: first!.id, ...BECAUSE });
  // As on a machine that did not train it.
  rmSync(modelPath(home, first!.id));
  const begun = await start('--model', name, '--account', account, '--balance', '500');
  assert.is(begun.status, 0, begun.stderr);
  const [written] = await ledgerOf(redis, account);
  const event = written!.event as StartCommand;
  assert.is(event.settings.strategy, `model:${first!.id}`);
  assert.is(event.settings.instrument, 'simulated:BTCUSDT');
  assert.is(event.settings.balance, 500);

  const live = await start('--model', name, '--mode', 'live', '--account', account, '--confirm', account);
  assert.match(told(live), /^don: --model: expected one in stage live, found .*, which is paper;/);
  await demoteModel(pool, { model: first!.id, ...BECAUSE });
  assert.match(told(await start('--model', `${name}:v1`)), /which is archived;/);
});

test('what is no model is refused, and a strategy beside it', async () => {
  assert.match(told(await start('--model', 'no-such-line')), /^don: model: expected .*found no-such-line/);
  assert.match(told(await start('grid', '--model', 'x')), /^don: don trade start: expected flags only, found grid$/);
  assert.match(
    told(await runDon(['trade', 'stop', '--model', 'x'], { home, env })),
    /^don: --model: expected with trade start only$/,
  );
});

test('closes', async () => {
  redis.disconnect();
  await pool.end();
});

test.run();
