import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectPostgres } from '../../../infra/postgres.ts';
import { openJobQueue } from '../../../services/jobs/job-queue.ts';
import type { Metrics } from '../../../services/trainer/algorithms/learner.ts';
import type { RunReport } from '../../../services/trainer/run/run-report.ts';
import { findRun, listMetrics } from '../../../services/trainer/store/run-rows.ts';
import { type RanDon, runDon, startDon } from '../../support/run-don.ts';
import { testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { instrument, redisUrl, withCandles } from '../backtest/candle-recordings.ts';

const test = suite('services/cli/train');
const folder = mkdtempSync(join(tmpdir(), 'don-train-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const { postgresUrl, questdbUrl, questdbPgUrl } = await testServers('postgres', 'questdb');
const postgres = await connectPostgres(postgresUrl);
const environment = (home: string) => ({
  home: join(folder, home),
  cwd: folder,
  env: { DON_REDIS_URL: redisUrl, DON_POSTGRES_URL: postgresUrl },
});
const train = (home: string, ...args: string[]) => runDon(['train', ...args], environment(home));
const CONFIG = {
  instrument,
  interval: '5m',
  features: ['rsi', { feature: 'rate_of_change', parameters: { period: 3 } }],
  episodeSteps: 50,
  environments: 2,
  seeds: [7, 8],
  ppo: { totalSteps: 1_280, stepsPerUpdate: 32, batchSize: 32, epochs: 2, hiddenSizes: [8] },
};
const write = (config: object, name = 'config.json'): void => writeFileSync(join(folder, name), JSON.stringify(config));

test('without a config it trains on the candles that are there', async () => {
  const none = await train('none');
  assert.is(none.status, 2);
  assert.match(none.stderr, /don train: expected a CONFIG.json, or a recording of candles.*don import/);
  write({ ...CONFIG, instrument: 'simulated:NONE' }, 'none.json');
  assert.match(
    (await train('none', 'none.json')).stderr,
    /don import FILE --instrument simulated:NONE brings it in\n$/,
  );
  await withCandles(async ({ candles: recording }) => {
    write({ vary: { gamma: { from: 0.9, to: 0.99 } } }, 'study.json');
    const shown = await train('none', '--steps', '256', '--seeds', '3', '--study', 'study.json', '--show');
    const config = JSON.parse(shown.stdout);
    assert.equal([config.study.trials, config.earlyStopping.share], [9, 0.2]);
    assert.equal(
      [config.instrument, config.recording, config.interval, config.seeds, config.ppo!.totalSteps, config.ppo!.gamma],
      [instrument, recording, '5m', [3], 256, 0.98],
    );
  });
});

test('a run comes to a report, models and rows of PostgreSQL, the same each time, with any number of threads', () =>
  withCandles(async ({ candles: recording }) => {
    write({ ...CONFIG, recording });
    const [one, other] = [
      await train('one', 'config.json', '--json'),
      await train('other', 'config.json', '--json', '--workers', '1'),
    ];
    assert.is(one.status, 0, one.stderr);
    assert.match(one.stderr, /^binance-usdm:BTCUSDT, candles of 5m: 2 seeds \(7, 8\) × 1,280 steps$/m);
    const report: RunReport = JSON.parse(one.stdout);
    assert.equal(JSON.parse(other.stdout), report);
    assert.equal([report.config.ppo!.gamma, report.config.recording, report.seeds.length], [0.98, recording, 2]);

    const home = join(folder, 'one');
    const kept = readdirSync(join(home, 'runs', report.id)).sort();
    const ofSeeds = [7, 8].flatMap((seed) =>
      ['checkpoint', 'episodes.jsonl', 'metrics.jsonl'].map((name) => `seed-${seed}.${name}`),
    );
    assert.equal(kept, ['config.json', 'report.json', ...ofSeeds]);
    const record = (await findRun(postgres, report.id))!;
    assert.equal(
      [record.status, record.starts, record.seeds, record.summary!.verdict],
      ['done', 2, [7, 8], report.verdict],
    );
    const stored = await listMetrics(postgres, report.id, { limit: 1_000 });
    for (const seed of [7, 8]) {
      const lines = readFileSync(join(home, 'runs', report.id, `seed-${seed}.metrics.jsonl`), 'utf8')
        .trim()
        .split('\n');
      const metrics = lines.map((line) => JSON.parse(line) as Metrics);
      assert.is(metrics.length, 20);
      assert.equal(
        stored.filter((row) => row.seed === seed).map((row) => row.metrics),
        metrics,
      );
    }
    const { rows: models } = await postgres.query('SELECT id, run_id FROM models ORDER BY number');
    assert.equal(
      models,
      report.seeds.map(({ model }) => ({ id: model, run_id: report.id })),
    );

    const text = await train('one', 'config.json');
    assert.match(text.stdout, /Out of sample: .*\n\nTEST SPAN, WHICH NOTHING WAS LEARNED OF/);
    assert.match(text.stdout, /EPISODES +MODEL\n +7 +1,280 +the last +[▁-█]+ +[0-9a-f]{16}\n/);
    const next = /Go on with a seed's model: don (.*)$/.exec(text.stdout.trim())![1]!;
    const backtest = await runDon(next.split(' '), environment('one'));
    assert.is(backtest.status, 0, backtest.stderr);
  }));

test('interrupted it goes on by the same command, and comes to the same', () =>
  withCandles(async ({ candles: recording }) => {
    write({ ...CONFIG, recording, seeds: [1], ppo: { ...CONFIG.ppo, totalSteps: 12_800 } });
    const whole = await train('whole', 'config.json', '--json');
    const { id }: RunReport = JSON.parse(whole.stdout);
    let [home, broken]: [string, RanDon | undefined] = ['', undefined];
    // Where this process is late it is done before that; then another is interrupted.
    for (let tries = 0; tries < 10 && broken?.stdout !== ''; tries++) {
      home = `broken-${tries}`;
      const { child, ended } = startDon(['train', 'config.json', '--json'], environment(home));
      const path = join(folder, home, 'runs', id, 'seed-1.checkpoint');
      await until('its first checkpoint', () => exists(path));
      child.kill('SIGINT');
      broken = await ended;
    }
    assert.is(broken?.status, 130, broken?.stderr);
    assert.match(broken!.stderr, /Interrupted. The same command goes on from here./);
    assert.is((await findRun(postgres, id))!.status, 'stopped');
    const again = await train(home, 'config.json', '--json');
    assert.is(again.stdout, whole.stdout);
    assert.is((await listMetrics(postgres, id, { limit: 1_000 })).length, 200);
  }));

test('it may only be asked for as a job', () =>
  withCandles(async ({ redis }) => {
    write({ ...CONFIG, seeds: [5] });
    const questdb = { DON_QUESTDB_URL: questdbUrl, DON_QUESTDB_PG_URL: questdbPgUrl };
    const { env, ...where } = environment('job');
    const asked = await runDon(['train', 'config.json', '--workers', '1', '--detach'], {
      ...where,
      env: { ...env, ...questdb },
    });
    assert.is(asked.status, 0, asked.stderr);
    const queue = openJobQueue(redis);
    const { kind, state, data } = (await queue.find(asked.stdout.trim()))!;
    assert.equal([kind, state, data['seeds'], data['workers']], ['train', 'waiting', [5], 1]);
    await queue.close();
  }));

test('what is wrong in a config is named', () =>
  withCandles(async () => {
    for (const [wrong, expected] of [
      [{ rewrd: 1 }, /^don: rewrd: expected one of .*did you mean reward\?$/],
      [{ interval: '7m' }, /^don: interval: expected one of .*5m.*, found "7m"$/],
      [{ features: ['spread'] }, /^don: .*spread/],
      [{ reward: { file: 'none.ts' } }, /^don: reward\/file: expected a file, found nothing at .*none.ts$/],
      [{ study: { vary: { gamma: { from: 0, to: 1 } } } }, /^don: study: expected earlyStopping beside it/],
      [{ earlyStopping: { embargo: 1e6 } }, /^don: earlyStopping: expected a training span with candles/],
    ] as const) {
      write({ ...CONFIG, ...wrong }, 'wrong.json');
      const refused = await train('wrong', 'wrong.json');
      assert.is(refused.status, 2, refused.stderr);
      assert.match(refused.stderr.trim().split('\n').at(-1)!, expected);
    }
  }));

function exists(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}

test('ends', () => postgres.end());

test.run();
