import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { migrate } from '../../../../infra/migrations.ts';
import { connectPostgres } from '../../../../infra/postgres.ts';
import { connectRedis } from '../../../../infra/redis.ts';
import { trialOf } from '../../../../services/trainer/evaluate/look.ts';
import { lookedAt } from '../../../../services/trainer/evaluate/looked-at.ts';
import { readLooks } from '../../../../services/trainer/evaluate/read-looks.ts';
import { readModel } from '../../../../services/trainer/model/model-folder.ts';
import { runOf } from '../../../../services/trainer/run/run-identity.ts';
import { createRunRecorder } from '../../../../services/trainer/store/run-recorder.ts';
import { insertRun } from '../../../../services/trainer/store/run-rows.ts';
import { testServers } from '../../../support/servers.ts';
import { madeRun, runMade } from '../run/made-run.ts';

const test = suite('services/trainer/evaluate/read-looks');
const scratch = mkdtempSync(join(tmpdir(), 'don-looks-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const { postgresUrl, redisUrl } = await testServers('postgres', 'redis');
const pool = await connectPostgres(postgresUrl);
await migrate(pool);
const redis = await connectRedis(redisUrl);
const [home, otherHome] = [join(scratch, 'home'), join(scratch, 'other')];

const TINY = { ppo: { totalSteps: 128, stepsPerUpdate: 32, batchSize: 32, epochs: 1, hiddenSizes: [4] } };
const STUDY = {
  ...TINY,
  seeds: [1],
  earlyStopping: { every: 1, embargo: 10 },
  study: { vary: { gamma: { from: 0.8, to: 0.99 } }, trials: 2, keepOneOf: 2 },
};
const OF = { instrument: 'simulated:TEST', interval: '1m' } as const;
const looksNow = () => readLooks({ home, sql: pool, ...OF });

test('runs of the home and of PostgreSQL count once each, with what they chose by a validation span', async () => {
  assert.equal(await looksNow(), { looks: [], unfinished: [], elsewhere: [], unread: 0 });
  const inHome = await runMade(home, TINY);
  const recorder = createRunRecorder({ sql: pool, redis });
  const inBoth = await runMade(home, STUDY, { recorder });
  const elsewhere = await runMade(otherHome, { ...TINY, balance: 20_000 }, { recorder });
  await insertRun(pool, runOf(madeRun({ ...TINY, balance: 30_000 }), 'wasm', 'test'));
  const { looks, unfinished } = await looksNow();
  const idsOf = (fromMs: number) => looks.filter((look) => look.fromMs === fromMs).map(({ id }) => id);
  const { test: tested, validation } = inBoth;
  assert.equal(idsOf(tested.fromMs).sort(), [inHome.id, inBoth.id, elsewhere.id].sort());
  assert.equal(idsOf(validation!.fromMs), [inBoth.id]);
  assert.equal(unfinished, [tested]);

  // One seed judged on the test span, and two settings by the validation span, one of which is that seed's.
  const [first, second] = looks.filter(({ id }) => id === inBoth.id);
  assert.is(first!.trials.length, 1);
  assert.is(new Set(second!.trials).size, 2);
  assert.ok(second!.trials.includes(first!.trials[0]!));
  // What a model is called by is what the run has called it.
  const { lineage, tested: figures } = readModel(home, inBoth.seeds[0]!.model);
  assert.is(trialOf(lineage.config, lineage.seed), first!.trials[0]);
  assert.equal(first!.returns(), [{ periodMs: figures.model.periodMs, returns: figures.returns }]);
  const away = looks.find(({ id }) => id === elsewhere.id)!;
  assert.equal(away.returns(), [null, null], 'its models are in another home');

  const { periodMs } = figures.model;
  const periods = Math.ceil(tested.toMs / periodMs) - Math.floor(tested.fromMs / periodMs);
  const judged = { ...tested, periodMs, periods, agents: 1 };
  const { counted, shared, returns } = lookedAt({ ...judged, trials: first!.trials }, await looksNow());
  assert.equal(counted, {
    own: 1,
    earlier: 4,
    runs: 2,
    evaluations: 0,
    compared: 2,
    tried: 0,
    trials: 5,
    unfinished: 1,
    elsewhere: 0,
    unread: 0,
  });
  // Returns of a run begin with the close of the first candle.
  assert.equal(shared, [periods - figures.returns.length, periods]);
  assert.equal(
    returns,
    inHome.seeds.map(({ model }) => readModel(home, model).tested.returns),
  );
  const onValidation = lookedAt({ ...judged, ...validation!, trials: ['another'] }, await looksNow());
  assert.is(onValidation.counted.earlier, 2);
});

test('other candles and other instruments are no trials of these', async () => {
  const read = (of: Partial<typeof OF> | { interval: string }) => readLooks({ home, sql: pool, ...OF, ...of });
  assert.equal((await read({ interval: '5m' })).looks, []);
  assert.is((await read({ interval: '5m' })).elsewhere.length, 4);
  const other = await readLooks({ home, sql: pool, instrument: 'simulated:OTHER', interval: '1m' });
  assert.equal(other, { looks: [], unfinished: [], elsewhere: [], unread: 0 });
});

test('evaluations count by what they say that they were of', async () => {
  const span = { fromMs: 1, toMs: 2, periodMs: 1, agents: [{ returns: [0.1] }] };
  const write = (name: string, text: string): void => {
    mkdirSync(join(home, 'evaluations', name), { recursive: true });
    writeFileSync(join(home, 'evaluations', name, 'report.json'), text);
  };
  write(
    'one',
    JSON.stringify({ of: { ...OF, trials: ['a'] }, walkForward: span, test: { ...span, fromMs: 3, toMs: 4 } }),
  );
  write('two', JSON.stringify({ of: { ...OF, interval: '5m', trials: ['b'] }, span }));
  write('old', JSON.stringify({ span }));
  write('broken', '{"of":');
  mkdirSync(join(home, 'evaluations', 'under-way'));
  const { looks, unread } = await looksNow();
  const found = looks.filter(({ by }) => by === 'evaluation');
  assert.equal(
    found.map(({ id, fromMs, trials }) => [id, fromMs, trials]),
    [
      ['one', 1, ['a']],
      ['one', 3, ['a']],
    ],
  );
  assert.equal(found[0]!.returns(), [{ periodMs: 1, returns: [0.1] }]);
  assert.is(unread, 2);
});

test('closes', async () => {
  redis.disconnect();
  await pool.end();
});

test.run();
