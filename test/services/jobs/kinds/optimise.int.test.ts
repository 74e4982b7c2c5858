import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../../infra/redis.ts';
import { BadJobData } from '../../../../services/jobs/job-kind.ts';
import { openJobQueue } from '../../../../services/jobs/job-queue.ts';
import { optimise } from '../../../../services/optimise/optimise.ts';
import { testServers } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';
import { declared, recordMarket, studyOf } from '../../optimise/recorded-study.ts';
import { startHaltingWorker, startWorker } from '../halting-worker.ts';

const test = suite('services/jobs/kinds/optimise');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const queue = openJobQueue(redis);
const folder = mkdtempSync(join(tmpdir(), 'don-optimise-job-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const instrument = await recordMarket(redis);
const SERVERS = { redisUrl, env: { DON_HOME: folder } };

test('what no study can be of is refused by its field, and so is a strategy that lies in a file', async () => {
  const good = declared(instrument);
  const refused = async (changes: object): Promise<readonly string[]> => {
    const error: unknown = await queue.ask('optimise', { ...good, ...changes }).catch((thrown: unknown) => thrown);
    assert.instance(error, BadJobData);
    return (error as BadJobData).errors.map(({ field, found }) => `${field}: ${found}`);
  };
  assert.equal(await refused({ strategy: '/tmp/own.ts' }), ['data/strategy: /tmp/own.ts']);
  assert.equal(await refused({ instrument: 'simulated:NOBODY' }), ['data/instrument: simulated:NOBODY']);
  assert.equal(await refused({ vary: { fsat: { from: 1, to: 2 } }, set: { slow: 1 } }), [
    'data/vary/fsat: fsat',
    'data/set/slow: 1',
  ]);
  assert.equal(await refused({ trials: 0 }), ['data/trials: 0']);
  assert.equal(await queue.list(), []);
});

test('a job whose process is killed is taken up by another, and gives the report of a study that was not', async () => {
  const study = await studyOf(redis, instrument);
  const whole = await optimise(study, { redisUrl, folder: join(folder, 'whole'), workers: 1 });
  const first = startHaltingWorker(SERVERS, queue);
  const { job } = await queue.ask('optimise', { ...declared(instrument), workers: 1 });
  const again = await queue.ask('optimise', { ...declared(instrument), workers: 2 });
  assert.equal([again.isNew, again.job.id], [false, job.id]);
  await first.untilJob('its first trials', job.id, ({ progress }) => (progress?.share ?? 0) > 0.1);
  await first.kill(redis, job.id);
  assert.is((await queue.find(job.id))?.state, 'running', 'it was killed in the middle');
  const second = startWorker(SERVERS);
  const ended = await until('its end', async () => {
    const found = await queue.find(job.id);
    return found?.endedTime !== null && found;
  });
  second.kill('SIGKILL');
  assert.equal([ended.state, ended.error, ended.starts], ['done', null, 2]);
  assert.equal([ended.progress?.share, ended.progress?.unit], [1, 'trials']);
  assert.is(JSON.stringify(ended.result), JSON.stringify(whole));
});

test('ends', async () => {
  await queue.close();
  await redis.quit();
});

test.run();
