// time limit: 480 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { followJob } from '../../../services/jobs/follow-job.ts';
import { BadJobData } from '../../../services/jobs/job-kind.ts';
import { openJobQueue } from '../../../services/jobs/job-queue.ts';
import { hasEnded, type JobRecord } from '../../../services/jobs/job-record.ts';
import { type JobWorker, startJobWorker } from '../../../services/jobs/job-worker.ts';
import { checkpointKey, LIVE } from '../../../streams/keys.ts';
import { testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { record, slowMarket } from './recorded-market.ts';

const test = suite('services/jobs/job-worker');
const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const redis = await connectRedis(redisUrl);
const queue = openJobQueue(redis);
const NEVER = new AbortController().signal;
const KIND = 'features-backfill';
const SET = 'spine-v1';
const INSTRUMENT = await record(redis, slowMarket(4_000));
/** Of which a backfill takes seconds. */
const LONG = await record(redis, slowMarket(36_000));

async function withWorker(work: (worker: JobWorker) => Promise<void>): Promise<void> {
  const worker = await startJobWorker({ redisUrl, questdbUrl, jobsMax: 1, log: () => {} });
  try {
    await work(worker);
  } finally {
    await worker.stop();
  }
}

/** Asks for one long job after another until one is stopped in the middle: where this process is late it is done before. */
async function inTheMiddle(first: number, stop: (from: number) => Promise<JobRecord | false>): Promise<JobRecord> {
  for (let from = first; from < first + 10; from++) {
    const stopped = await stop(from);
    if (stopped !== false) return stopped;
  }
  throw new Error('each of 10 jobs was done before it was stopped');
}

async function ended(id: string): Promise<JobRecord> {
  return (await followJob(queue, id, { onChange: () => {}, signal: NEVER }))!;
}

async function running(id: string): Promise<void> {
  await until('its first chunk', async () => ((await queue.find(id))?.progress?.share ?? 0) > 0);
}

test('data that is not as expected is refused, each field by its name', async () => {
  const refused = async (kind: string, data: object): Promise<unknown> => {
    try {
      await queue.ask(kind, data);
    } catch (error) {
      if (error instanceof BadJobData) return error.errors.map(({ field, found }) => `${field}: ${found}`);
      throw error;
    }
    return 'taken';
  };
  const good = { instrument: INSTRUMENT, set: SET };
  for (const [kind, data, expected] of [
    ['feature-backfill', good, ['kind: feature-backfill']],
    [KIND, { set: SET }, ['data/instrument: null']],
    [KIND, { ...good, instrument: 'BTCUSDT' }, ['data/instrument: BTCUSDT']],
    [KIND, { ...good, instrument: 'simulated:NOBODY' }, ['data/instrument: simulated:NOBODY']],
    [KIND, { ...good, recording: 'abcdefabcdef' }, ['data/recording: abcdefabcdef']],
    [KIND, { ...good, set: 'spine', workers: 0 }, ['data/set: spine', 'data/workers: 0']],
    [KIND, { ...good, from: '-15m' }, ['data/from: -15m']],
    [KIND, { ...good, recordin: LIVE }, [`data/recordin: ${LIVE}`]],
    [KIND, { ...good, set: 'pair-v1' }, ['data/other: null']],
    [KIND, { ...good, set: 'pair-v1', other: INSTRUMENT }, [`data/other: ${INSTRUMENT}`]],
    [KIND, { ...good, set: 'pair-v1', other: 'simulated:NOBODY' }, ['data/other: simulated:NOBODY']],
    [KIND, { ...good, other: LONG }, [`data/other: ${LONG}`]],
    ['verify', { to: -1 }, ['data/to: -1']],
  ] as const)
    assert.equal(await refused(kind, data), expected, JSON.stringify(data));
  const hint = await queue.ask(KIND, { ...good, set: 'spine-v11' }).catch((error: Error) => error.message);
  assert.match(String(hint), /data\/set: expected one of .* \(did you mean spine-v1\?\), found spine-v11/);
  assert.equal(await queue.list(), []);
});

test('a job tells how far it is, and keeps its result', async () => {
  await withWorker(async () => {
    const { job, isNew } = await queue.ask(KIND, { instrument: INSTRUMENT, set: SET, workers: 1 });
    assert.equal([isNew, job.kind, job.result], [true, KIND, null]);
    const shares: number[] = [];
    const onChange = ({ progress }: JobRecord): void => {
      if (progress?.share != null && progress.share !== shares.at(-1)) shares.push(progress.share);
    };
    const done = (await followJob(queue, job.id, { onChange, signal: NEVER }))!;
    assert.equal([done.state, done.error, done.starts, done.progress?.share], ['done', null, 1, 1]);
    assert.is(done.progress?.text, `filling ${LIVE}`);
    assert.ok(shares.length >= 1 && shares.every((share, n) => share > (shares[n - 1] ?? 0)), shares.join());
    const [report] = (done.result as { items: { rows: number; instrument: string }[] }).items;
    assert.equal([report!.instrument, report!.rows], [INSTRUMENT, done.progress?.done]);
    assert.ok(done.startedTime! >= done.createdTime && done.endedTime! >= done.startedTime!);
  });
});

test('the same work asked twice while it waits or runs is one job, and a new one afterwards', async () => {
  const asked = { instrument: LONG, set: SET, from: 1 };
  const { job } = await queue.ask(KIND, asked);
  // How many threads do it does not make it other work, nor does the order of its fields.
  const again = await queue.ask(KIND, { from: 1, workers: 1, set: SET, instrument: LONG });
  assert.equal([again.isNew, again.job.id], [false, job.id]);
  const other = await queue.ask(KIND, { ...asked, from: 2 });
  assert.equal([other.isNew, other.job.id === job.id], [true, false]);
  await queue.cancel(other.job.id);
  await withWorker(async () => {
    await running(job.id);
    const twice = await queue.ask(KIND, asked);
    // Where this process is late the first is done by then.
    if (twice.isNew) assert.ok(hasEnded((await queue.find(job.id))!));
    else assert.is(twice.job.id, job.id);
    await ended(twice.job.id);
  });
  const anew = await queue.ask(KIND, asked);
  assert.equal([anew.isNew, anew.job.id === job.id], [true, false]);
  await queue.cancel(anew.job.id);
  assert.equal(
    (await queue.list()).filter((each) => !hasEnded(each)),
    [],
  );
});

test('one that is cancelled stops where it is, or goes where it has not begun', async () => {
  await withWorker(async (worker) => {
    const cancelled = await inTheMiddle(30, async (from) => {
      const { job } = await queue.ask(KIND, { instrument: LONG, set: SET, from, workers: 1 });
      const waiting = await queue.ask(KIND, { instrument: LONG, set: SET, from: 100 + from });
      await running(job.id);
      const isRemoved = (await queue.cancel(waiting.job.id)) === 'removed';
      if (isRemoved) assert.is(await queue.find(waiting.job.id), undefined);
      // The first was done, and it has begun.
      else await ended(waiting.job.id);
      const isTold = (await queue.cancel(job.id)) === 'told';
      const found = await ended(job.id);
      return isRemoved && isTold && found.state !== 'done' && found;
    });
    assert.equal([cancelled.state, cancelled.error, cancelled.result], ['cancelled', null, null]);
    assert.is(await queue.cancel(cancelled.id), 'ended');
    assert.is(await queue.cancel('4711'), undefined);
    assert.equal(worker.running(), []);
  });
});

test('a worker that stops puts its job back, and the next one goes on with it', async () => {
  const put = await inTheMiddle(50, async (from) => {
    const { job } = await queue.ask(KIND, { instrument: LONG, set: SET, from, workers: 1 });
    await withWorker(() => running(job.id));
    const found = (await queue.find(job.id))!;
    return found.state !== 'done' && found;
  });
  assert.equal([put.state, put.error], ['waiting', null]);
  await withWorker(async () => {
    const { state, starts, result } = await ended(put.id);
    assert.equal([state, starts], ['done', 2]);
    const [report] = (result as { items: { chunks: number; events: number }[] }).items;
    assert.ok(report!.events < 36_000, `${report!.events} events after it`);
  });
});

test('a job that fails says why', async () => {
  const { job } = await queue.ask(KIND, { instrument: INSTRUMENT, set: SET, from: 6 });
  const key = checkpointKey(INSTRUMENT, `backfill-${SET}`, LIVE);
  await redis.hset(key, 'entryId', '5-0');
  await withWorker(async () => {
    const { state, error } = await ended(job.id);
    assert.is(state, 'failed');
    assert.match(error!, /expected entryId, version, state, found no version, state/);
  });
  await redis.del(key);
});

test('ends', async () => {
  await queue.close();
  await redis.quit();
});

test.run();
