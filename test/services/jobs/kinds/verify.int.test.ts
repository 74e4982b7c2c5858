import { Queue } from 'bullmq';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { waitUntilApplied } from '../../../../infra/questdb/applied.ts';
import { questdbQuery, questdbRows } from '../../../../infra/questdb.ts';
import { connectRedis } from '../../../../infra/redis.ts';
import { featureSetNamed } from '../../../../pipelines/feature-sets.ts';
import { readSystemStatus } from '../../../../services/api/status/system-status.ts';
import type { VerifyReport } from '../../../../services/deriver/verify-recording.ts';
import { backfill } from '../../../../services/features/backfill/backfill.ts';
import { ensureReadableTables } from '../../../../services/features/feature-table.ts';
import { followJob } from '../../../../services/jobs/follow-job.ts';
import { openJobQueue } from '../../../../services/jobs/job-queue.ts';
import type { JobRecord } from '../../../../services/jobs/job-record.ts';
import { startJobWorker } from '../../../../services/jobs/job-worker.ts';
import { readLastVerify } from '../../../../services/jobs/last-verify.ts';
import { JOBS, LIVE } from '../../../../streams/keys.ts';
import { testServers } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';
import { record, slowMarket } from '../recorded-market.ts';

const test = suite('services/jobs/kinds/verify');
const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const redis = await connectRedis(redisUrl);
await ensureReadableTables(questdbUrl);
const queue = openJobQueue(redis);
const SET = featureSetNamed('book-v1')!;
const NIGHTLY = 'nightly-verify';
const instruments: string[] = [];
for (const _ of [1, 2]) {
  const instrument = await record(redis, slowMarket(600));
  await backfill({ redis, redisUrl, questdbUrl, instrument, recording: LIVE, set: SET, workers: 1 });
  instruments.push(instrument);
}
const worker = await startJobWorker({ redisUrl, questdbUrl, jobsMax: 1, log: () => {} });

async function verify(data: object): Promise<JobRecord> {
  const { job } = await queue.ask('verify', data);
  return (await followJob(queue, job.id, { onChange: () => {}, signal: new AbortController().signal }))!;
}

const reports = ({ result }: JobRecord): VerifyReport[] => (result as { items: VerifyReport[] }).items;

/** Runs the job that waits for its time of day. */
async function promoteNightly(): Promise<void> {
  const bull = new Queue(JOBS.queue, { connection: redis, prefix: JOBS.prefix });
  const [scheduled] = await bull.getDelayed();
  await scheduled!.promote();
  await bull.close();
}

test('everything is verified, and how it came out is kept', async () => {
  assert.is(await readLastVerify(redis), null);
  const one = await verify({ instrument: instruments[0] });
  assert.equal(
    reports(one).map(({ instrument, differenceCount }) => [instrument, differenceCount]),
    [[instruments[0], 0]],
  );
  assert.is(await readLastVerify(redis), null, 'only what verifies everything counts');
  const all = await verify({});
  assert.is(reports(all).length, 2);
  const last = (await readLastVerify(redis))!;
  assert.equal([last.recordings, last.differenceCount, last.firstDifference, last.outdated], [2, 0, null, []]);
  assert.ok(last.rows > 200, `${last.rows} rows`);
});

test('a planted difference is found and named by the job of the night', async () => {
  const planted = instruments[1]!;
  const where = `symbol = '${planted}'`;
  const [row] = await questdbRows(questdbUrl, `SELECT max(update_id) last FROM ${SET.table} WHERE ${where}`);
  const change = `UPDATE ${SET.table} SET book_imbalance = 0.123 WHERE ${where} AND update_id = ${row!['last']}`;
  await questdbQuery(questdbUrl, change);
  await waitUntilApplied(questdbUrl);
  const before = (await readLastVerify(redis))!;
  await queue.repeatDaily(NIGHTLY, '03:00', 'verify');
  await promoteNightly();
  const last = await until('its outcome', async () => {
    const found = await readLastVerify(redis);
    return found!.time > before.time && found!;
  });
  assert.is(last.differenceCount, 1);
  const { instrument, recording, table, kind, column, stored } = last.firstDifference!;
  assert.equal(
    [instrument, recording, table, kind, column, stored],
    [planted, LIVE, SET.table, 'differs', 'book_imbalance', 0.123],
  );
  assert.equal((await readSystemStatus(redis)).lastVerify, last);
});

test('a set of two instruments that a job filled is verified beside its other one', async () => {
  const [instrument, other] = [await record(redis, slowMarket(800)), await record(redis, slowMarket(600))];
  const { job } = await queue.ask('features-backfill', { instrument, other, set: 'pair-v1' });
  const signal = new AbortController().signal;
  const filled = await followJob(queue, job.id, { onChange: () => {}, signal });
  assert.is(filled!.state, 'done', filled!.error ?? '');
  const [report] = reports(await verify({ instrument }));
  assert.equal([report!.differenceCount, report!.outdatedSets], [0, []]);
  assert.ok(report!.rows['features_pair_v1']! > 5, JSON.stringify(report!.rows));
  const change = `UPDATE features_pair_v1 SET mask = 12345 WHERE symbol = '${instrument}'`;
  await questdbQuery(questdbUrl, change);
  await waitUntilApplied(questdbUrl);
  const [changed] = reports(await verify({ instrument }));
  assert.is(changed!.differenceCount, report!.rows['features_pair_v1']);
});

test('it comes each day at its time, and at no other', async () => {
  const next = async () => new Date((await queue.nextRun(NIGHTLY))!).toISOString().slice(11, 16);
  const scheduled = async () => (await queue.list()).filter(({ state }) => state === 'scheduled');
  assert.equal([await next(), (await scheduled()).length], ['03:00', 1]);
  await queue.repeatDaily(NIGHTLY, '03:00', 'verify');
  const [job] = await scheduled();
  assert.is(new Date(job!.dueTime! / 1_000).toISOString().slice(11, 16), '03:00');
  assert.is(await queue.cancel(job!.id), 'scheduled');
  await queue.repeatDaily(NIGHTLY, '23:59', 'verify');
  assert.equal([await next(), (await scheduled()).length], ['23:59', 1]);
  await queue.repeatDaily(NIGHTLY, undefined, 'verify');
  assert.equal([await queue.nextRun(NIGHTLY), await scheduled()], [undefined, []]);
});

test('ends', async () => {
  await worker.stop();
  await queue.close();
  await redis.quit();
});

test.run();
