import { isDeepStrictEqual } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { waitUntilApplied } from '../../../infra/questdb/applied.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { featureSetNamed } from '../../../pipelines/feature-sets.ts';
import { storedRows } from '../../../services/deriver/stored-rows.ts';
import type { BackfillReport } from '../../../services/features/backfill/backfill.ts';
import { backfill } from '../../../services/features/backfill/backfill.ts';
import { featureTable } from '../../../services/features/feature-table.ts';
import { openJobQueue } from '../../../services/jobs/job-queue.ts';
import { LIVE } from '../../../streams/keys.ts';
import { testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { startHaltingWorker, startWorker } from './halting-worker.ts';
import { record, slowMarket } from './recorded-market.ts';

const test = suite('services/jobs/job-killed');
const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const redis = await connectRedis(redisUrl);
const queue = openJobQueue(redis);
const SET = featureSetNamed('spine-v1')!;
const ENTRIES = slowMarket(36_000);
async function rowsOf(instrument: string): Promise<unknown[]> {
  await waitUntilApplied(questdbUrl);
  const of = { url: questdbUrl, table: featureTable(SET), instrument, recording: LIVE };
  const rows: unknown[] = [];
  for await (const page of storedRows({ ...of, fromUs: undefined, toUs: undefined }))
    rows.push(...page.map(({ symbol: _, ...row }) => row));
  return rows;
}

test('a job whose process is killed is taken up by another, goes on from its checkpoint, and gives the same rows', async () => {
  const [instrument, serial] = [await record(redis, ENTRIES), await record(redis, ENTRIES)];
  const of = { redis, redisUrl, questdbUrl, recording: LIVE, set: SET };
  const whole = await backfill({ ...of, instrument: serial, workers: 1 });
  assert.ok(whole.chunks > 2, `${whole.chunks} chunks`);

  const first = startHaltingWorker({ redisUrl, questdbUrl }, queue);
  const { job } = await queue.ask('features-backfill', { instrument, set: SET.id, workers: 1 });
  await first.untilJob('its first chunks', job.id, ({ progress }) => (progress?.share ?? 0) > 0);
  await first.kill(redis, job.id);
  const left = await queue.find(job.id);
  assert.is(left?.state, 'running', 'it was killed in the middle');
  const second = startWorker({ redisUrl, questdbUrl });
  const ended = await until('its end', async () => {
    const found = await queue.find(job.id);
    return found?.endedTime !== null && found;
  });
  second.kill('SIGKILL');
  assert.equal([ended.state, ended.error, ended.starts], ['done', null, 2]);
  const [report] = (ended.result as { items: BackfillReport[] }).items;
  assert.ok(report!.rows > 0 && report!.rows < whole.rows, `${report!.rows} rows of ${whole.rows} after it`);
  const [resumed, expected] = [await rowsOf(instrument), await rowsOf(serial)];
  assert.ok(resumed.length > 5_000, `${resumed.length} rows`);
  assert.ok(isDeepStrictEqual(resumed, expected), 'rows as those of a serial run');
});

test('ends', async () => {
  await queue.close();
  await redis.quit();
});

test.run();
