// time limit: 480 s
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectPostgres } from '../../../infra/postgres.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { readRun } from '../../../services/dashboard/src/training/run.ts';
import { BadJobData } from '../../../services/jobs/job-kind.ts';
import { openJobQueue } from '../../../services/jobs/job-queue.ts';
import type { RunReport } from '../../../services/trainer/run/run-report.ts';
import { findRun, listMetrics, listRuns } from '../../../services/trainer/store/run-rows.ts';
import { runKey } from '../../../streams/keys.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { runDon } from '../../support/run-don.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { appendEntries } from '../api/append-events.ts';
import { startWorker } from '../jobs/halting-worker.ts';
import { QUOTING } from '../trainer/book/made-book-run.ts';

const test = suite('services/cli/train-book');
const { redisUrl, postgresUrl, questdbUrl, questdbPgUrl } = await testServers('redis', 'postgres', 'questdb');
const redis = await connectRedis(redisUrl);
const postgres = await connectPostgres(postgresUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-train-book-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const instrument = testInstrument();
const market = madeMarket({ seed: 4, events: 2_500, snapshotEvery: 400, hasFaults: false });
await appendEntries(redis, instrument, entriesOf(market, [5]));

const CONFIG = {
  environment: 'book',
  instrument,
  levels: 3,
  episodeSteps: 60,
  environments: 2,
  balance: 1_000_000,
  seeds: [7, 8],
  ppo: { totalSteps: 256, stepsPerUpdate: 16, batchSize: 32, epochs: 1, hiddenSizes: [8] },
  ...QUOTING,
};
const SERVERS = { DON_REDIS_URL: redisUrl, DON_POSTGRES_URL: postgresUrl };
const train = (home: string, config: object, args: readonly string[] = [], env: object = {}) => {
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const where = { home: join(folder, home), cwd: folder, env: { ...SERVERS, ...env } };
  return runDon(['train', 'config.json', ...args], where);
};
let report: RunReport;

test('a run comes to a report, models and rows of PostgreSQL, with any number of threads', async () => {
  const one = await train('one', CONFIG, ['--json']);
  assert.is(one.status, 0, one.stderr);
  report = JSON.parse(one.stdout) as RunReport;
  assert.equal([report.config.instrument, report.recording, report.seeds[0]!.steps], [instrument, 'live', 256]);
  assert.equal(JSON.parse(readFileSync(join(folder, 'one', 'runs', report.id, 'report.json'), 'utf8')), report);
  const other = await train('other', CONFIG, ['--json', '--workers', '1']);
  assert.equal(JSON.parse(other.stdout), report);

  const record = (await findRun(postgres, report.id))!;
  assert.equal([record.status, record.starts, record.interval, record.seeds], ['done', 2, '100 ms', [7, 8]]);
  assert.equal(record.summary, { ...record.summary, verdict: report.verdict, book: report.book });
  const stored = await listMetrics(postgres, report.id, { limit: 1_000 });
  for (const seed of [7, 8]) {
    const lines = readFileSync(join(folder, 'one', 'runs', report.id, `seed-${seed}.metrics.jsonl`), 'utf8');
    assert.equal(
      stored.filter((row) => row.seed === seed).map((row) => row.metrics),
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  }
  const { rows: models } = await postgres.query('SELECT id, run_id FROM models ORDER BY number');
  assert.equal(
    models,
    report.seeds.map(({ model }) => ({ id: model, run_id: report.id })),
  );
  const told = await redis.xrange(runKey(report.id), '-', '+');
  const events = told.map(([, fields]) => JSON.parse(fields[1]!) as { readonly type: string; readonly seed?: number });
  assert.ok(events.filter(({ type, seed }) => type === 'metrics' && seed === 8).length > 4, 'live on its topic');

  const text = await train('one', CONFIG);
  assert.is(text.status, 0, text.stderr);
  const ids = report.seeds.map(({ model }) => model);
  for (const said of [report.id, report.verdict, 'market maker', 'decisions each 100 ms', ...ids])
    assert.ok(text.stdout.includes(said), said);
  const next = /Go on with a seed's model: don (.*)$/.exec(text.stdout.trim())![1]!;
  const backtest = await runDon(next.split(' '), { home: join(folder, 'one'), cwd: folder, env: SERVERS });
  assert.is(backtest.status, 0, backtest.stderr);
});

test('the dashboard reads it as it is listed', async () => {
  const [run] = (await listRuns(postgres, { limit: 1 })).map((row) => readRun(JSON.parse(JSON.stringify(row))));
  assert.equal(
    [run!.id, run!.interval, run!.totalSteps, run!.setup],
    [report.id, '100 ms', 256, 'quote-grid, reward log-return'],
  );
  const { seeds, baselines, verdict } = run!.outcome!;
  assert.equal(
    seeds.map(({ model, tested }) => [model, tested.total]),
    report.seeds.map(({ model, tested }) => [model, tested.total]),
  );
  assert.equal(
    [baselines.map(({ name }) => name), verdict],
    [['flat', 'holding', 'market maker', 'random'], report.verdict],
  );
});

test('it may only be asked for as a job, which comes to the same', async () => {
  const questdb = { DON_QUESTDB_URL: questdbUrl, DON_QUESTDB_PG_URL: questdbPgUrl };
  const asked = await train('job', CONFIG, ['--workers', '2', '--detach'], questdb);
  assert.is(asked.status, 0, asked.stderr);
  const queue = openJobQueue(redis);
  const id = asked.stdout.trim();
  const { starts } = (await findRun(postgres, report.id))!;
  const { kind, state, data } = (await queue.find(id))!;
  assert.equal([kind, state, data['environment'], data['workers']], ['train', 'waiting', 'book', 2]);
  const env = { DON_HOME: join(folder, 'job'), DON_POSTGRES_URL: postgresUrl };
  const worker = startWorker({ redisUrl, questdbUrl, env });
  const ended = await until('its end', async () => {
    const found = await queue.find(id);
    return found?.endedTime !== null && found;
  });
  assert.equal([ended.state, ended.error], ['done', null]);
  assert.equal(ended.result, report);
  assert.is((await findRun(postgres, report.id))!.starts, starts + 1);
  worker.kill();
  await once(worker, 'exit');
  for (const [wrong, expected] of [
    [{ latncy: '5,5' }, /^data\/latncy: .*did you mean latency/],
    [{ interval: '5m' }, /^data\/interval: /],
    [{ every: { ms: 0 } }, /^data\/every\/ms: 0, a number above 0$/],
    [{ reward: { file: '/tmp/own.ts' } }, /^data\/reward\/file: \/tmp\/own.ts/],
    [{ environment: 'boook' }, /^data\/environment: .*bars.* or book/],
    [{ instrument: 'simulated:NOBODY' }, /^data\/instrument: /],
  ] as const) {
    const error: unknown = await queue.ask('train', { ...CONFIG, ...wrong }).catch((thrown: unknown) => thrown);
    assert.instance(error, BadJobData);
    const [{ field, expected: wanted, found }] = (error as BadJobData).errors as [BadJobData['errors'][number]];
    assert.match(`${field}: ${found}, ${wanted}`, expected);
  }
  await queue.close();
});

test('a reward of a file is loaded in the thread of a seed too', async () => {
  const create =
    '() => { let last = 1; return { reset(equity) { last = equity; }, next(equity) { const value = Math.log(equity / last); last = equity; return value; } }; }';
  writeFileSync(
    join(folder, 'own.ts'),
    `import { defineReward } from 'don/reward'; export default defineReward({ name: 'own', parameters: {}, create: ${create} });\n`,
  );
  const ran = await train('own', { ...CONFIG, reward: { file: 'own.ts' } }, ['--json']);
  assert.is(ran.status, 0, ran.stderr);
  const own = JSON.parse(ran.stdout) as RunReport;
  assert.match(own.rewardHash!, /^[0-9a-f]{16}$/);
  // As the same one of Don does.
  assert.equal(
    own.seeds.map(({ tested }) => tested),
    report.seeds.map(({ tested }) => tested),
  );
});

test('what cannot be is refused by name, and --show only shows', async () => {
  const shown = await train('one', CONFIG, ['--show', '--steps', '32']);
  assert.equal([JSON.parse(shown.stdout).queue, JSON.parse(shown.stdout).ppo.totalSteps], ['risk-averse', 32]);
  for (const [more, expected] of [
    [{ latncy: '5,5' }, /latncy: expected one of .*did you mean latency\?/],
    [{ environment: 'books' }, /environment: expected bars or book, found "books"/],
    [{ recording: '0123456789ab' }, /--recording: .* has no recording "0123456789ab"/],
    [{ study: { vary: { gamma: { from: 0, to: 1 } } } }, /study: expected earlyStopping beside it/],
    [{ earlyStopping: { embargoMs: 1e9 } }, /earlyStopping: expected a training span with time to learn of/],
    [{ reward: { file: 'none.ts' } }, /reward\/file: expected a file, found nothing at .*none.ts/],
  ] as const) {
    const refused = await train('one', { ...CONFIG, ...more });
    assert.is(refused.status, 2, refused.stderr);
    assert.match(refused.stderr, expected);
  }
});

test('ends', async () => {
  redis.disconnect();
  await postgres.end();
});

test.run();
