import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectPostgres } from '../../../../infra/postgres.ts';
import { BadJobData } from '../../../../services/jobs/job-kind.ts';
import { openJobQueue } from '../../../../services/jobs/job-queue.ts';
import { recordedRun } from '../../../../services/trainer/run/recorded-run.ts';
import type { RunReport } from '../../../../services/trainer/run/run-report.ts';
import { checkTrainConfig } from '../../../../services/trainer/run/train-config.ts';
import { listEpisodes } from '../../../../services/trainer/store/episode-rows.ts';
import { findRun, listMetrics } from '../../../../services/trainer/store/run-rows.ts';
import { testServers } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';
import { instrument, redisUrl, withCandles } from '../../backtest/candle-recordings.ts';
import { startHaltingWorker, startWorker } from '../halting-worker.ts';

const test = suite('services/jobs/kinds/train');
const { postgresUrl } = await testServers('postgres');
const postgres = await connectPostgres(postgresUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-train-job-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const CONFIG = {
  instrument,
  features: ['rsi'],
  episodeSteps: 50,
  environments: 2,
  seeds: [1, 2],
  ppo: { totalSteps: 19_200, stepsPerUpdate: 32, batchSize: 32, epochs: 2, hiddenSizes: [8] },
};

const SERVERS = { redisUrl, env: { DON_HOME: folder, DON_POSTGRES_URL: postgresUrl } };

test('a job whose process is killed is taken up by another, and gives the report of a run that was not', () =>
  withCandles(async ({ redis }) => {
    const queue = openJobQueue(redis);
    const home = join(folder, 'whole');
    const quiet = { signal: new AbortController().signal, onProgress: () => {} };
    const whole = await recordedRun(checkTrainConfig(CONFIG), { redis, postgresUrl, home, ...quiet });
    const episodes = await listEpisodes(postgres, whole.id, { limit: 10_000 });
    const first = startHaltingWorker(SERVERS, queue);
    const { job } = await queue.ask('train', CONFIG);
    const running = await first.untilJob('updates of both seeds', job.id, ({ progress }) =>
      /^1 [▁-█]+ \S+ {2}2 [▁-█]+ \S+$/.test(progress?.detail ?? ''),
    );
    assert.is(running.progress!.text, `run ${whole.id}`);
    await first.kill(redis, job.id);
    assert.is((await queue.find(job.id))?.state, 'running', 'it was killed in the middle');
    assert.is((await findRun(postgres, whole.id))!.status, 'running');
    const second = startWorker(SERVERS);
    const ended = await until('its end', async () => {
      const found = await queue.find(job.id);
      return found?.endedTime !== null && found;
    });
    assert.equal([ended.state, ended.error, ended.starts], ['done', null, 2]);
    assert.is(JSON.stringify(ended.result), JSON.stringify(whole));
    const run = (await findRun(postgres, whole.id))!;
    assert.equal([run.status, run.starts, run.summary!.seeds], ['done', 3, (ended.result as RunReport).seeds]);
    assert.is((await listMetrics(postgres, whole.id, { limit: 10_000 })).length, 2 * 300);
    assert.equal(await listEpisodes(postgres, whole.id, { limit: 10_000 }), episodes, 'each once, and the same');
    for (const { seed, updates, curve } of whole.seeds) {
      const own = episodes.filter((one) => one.seed === seed);
      assert.equal(
        own.map(({ episode }) => episode),
        own.map((_, n) => n + 1),
      );
      const last = own.slice(-100).reduce((sum, one) => sum + one.return, 0) / 100;
      assert.ok(own.length >= 2 * ((updates * 32) / 50 - 1) && Math.abs(last - curve.at(-1)!) < 1e-9, `${last}`);
      for (const { length, ending, from, to, equityFrom, equityTo } of own) {
        assert.ok(length <= 50 && (length === 50 ? ending === 'length' : ending !== 'length'), `${length} ${ending}`);
        assert.is((to! - from!) / 300e6, length, 'a candle a step');
        assert.ok(equityFrom === 10_000 && equityTo! > 0);
      }
    }

    const { job: other } = await queue.ask('train', { ...CONFIG, seeds: [3], ppo: { ...CONFIG.ppo, totalSteps: 1e7 } });
    const begun = await until('its first updates', async () => {
      const found = await queue.find(other.id);
      return found?.progress?.detail !== undefined && found;
    });
    await queue.cancel(other.id);
    await until('its end', async () => (await queue.find(other.id))?.state === 'cancelled');
    assert.is((await findRun(postgres, begun.progress!.text.slice('run '.length)))!.status, 'stopped');
    second.kill('SIGKILL');
    await queue.close();
  }));

test('what no run can be of is refused by its field, and so is a reward that lies in a file', () =>
  withCandles(async ({ redis }) => {
    const queue = openJobQueue(redis);
    const refused = async (changes: object): Promise<readonly string[]> => {
      const error: unknown = await queue.ask('train', { ...CONFIG, ...changes }).catch((thrown: unknown) => thrown);
      assert.instance(error, BadJobData);
      return (error as BadJobData).errors.map(({ field, found }) => `${field}: ${found}`);
    };
    assert.equal(await refused({ reward: { file: '/tmp/own.ts' } }), ['data/reward/file: /tmp/own.ts']);
    assert.equal(await refused({ instrument: 'simulated:NOBODY' }), ['data/instrument: simulated:NOBODY']);
    assert.equal(await refused({ seeds: [] }), ['data/seeds: []']);
    const warmStart = (changes: object) => refused({ warmStart: { strategy: 'moving-average-cross', ...changes } });
    assert.equal(await warmStart({ strategy: 'moving-averages' }), ['data/warmStart/strategy: moving-averages']);
    assert.equal(await warmStart({ strategy: '/tmp/own.ts' }), ['data/warmStart/strategy: /tmp/own.ts']);
    assert.equal(await warmStart({ parameters: { slow: 0 } }), ['data/warmStart/parameters/slow: 0']);
    assert.equal(await queue.list(), []);
    await queue.close();
  }));

test('ends', () => postgres.end());

test.run();
