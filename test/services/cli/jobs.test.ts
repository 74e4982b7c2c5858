// time limit: 480 s
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, Worker } from 'bullmq';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { openJobQueue } from '../../../services/jobs/job-queue.ts';
import { CANCELLED, hasEnded, type JobRecord } from '../../../services/jobs/job-record.ts';
import { JOBS, jobCancelKey, statusKey } from '../../../streams/keys.ts';
import { lastingStatus } from '../../support/lasting-status.ts';
import { type RanDon, startDon } from '../../support/run-don.ts';
import { testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { record, slowMarket } from '../jobs/recorded-market.ts';

const test = suite('services/cli/jobs');
const { redisUrl, questdbUrl, questdbPgUrl } = await testServers('redis', 'questdb');
const redis = await connectRedis(redisUrl);
const queue = openJobQueue(redis);
const folder = mkdtempSync(join(tmpdir(), 'don-jobs-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const SMALL = await record(redis, slowMarket(1_500));
/** Of which a backfill takes seconds. */
const LONG = await record(redis, slowMarket(36_000));

const DON = {
  home: join(folder, 'home'),
  cwd: folder,
  env: { DON_REDIS_URL: redisUrl, DON_QUESTDB_URL: questdbUrl, DON_QUESTDB_PG_URL: questdbPgUrl },
};
const start = (...args: string[]) => startDon(args, DON);

const don = (...args: string[]) => start(...args).ended;
const backfillOf = (instrument: string, ...more: string[]) => [
  'features',
  'backfill',
  'spine-v1',
  '--instrument',
  instrument,
  ...more,
];

/** The newest job, once it has come so far. */
const newest = (fits: (job: JobRecord) => boolean) =>
  until('the newest job', async () => {
    const [job] = await queue.list();
    return job !== undefined && fits(job) && job;
  });
const hasBegun = ({ progress, state }: JobRecord): boolean => state === 'running' && (progress?.share ?? 0) > 0;

test('where no service works on jobs, a backfill is worked by its own command, and is a job all the same', async () => {
  const { status, stdout, stderr } = await don(...backfillOf(SMALL));
  assert.is(status, 0, stderr);
  assert.match(stdout, /^INSTRUMENT +RECORDING +SET +EVENTS +ROWS +CHUNKS +REDONE\n/);
  assert.match(stdout, new RegExp(`${SMALL} +live +spine-v1 +1,500 `));
  const job = await newest(({ state }) => state === 'done');
  const list = await don('jobs', 'list');
  assert.match(list.stdout, new RegExp(`\n${job.id} +features-backfill +done +${SMALL} spine-v1 `));
  const show = await don('jobs', 'show', job.id);
  assert.match(show.stdout, /\nended +2\d{3}-.*Z, after [\d.]+ s\n\nINSTRUMENT /);
  assert.equal(JSON.parse((await don('jobs', 'show', job.id, '--json')).stdout), await queue.find(job.id));
  const follow = await don('jobs', 'follow', job.id);
  assert.equal([follow.status, follow.stdout], [0, stdout]);
});

test('interrupted, it is cancelled where its command worked it, and the same command goes on', async () => {
  const ids = new Set((await queue.list()).map(({ id }) => id));
  let [asked, state, said]: [string[], JobRecord['state'], RanDon | undefined] = [[], 'done', undefined];
  // Where this process is late it is done before that; then another is interrupted.
  for (let day = 1; day < 10 && state === 'done'; day++) {
    asked = backfillOf(LONG, '--from', `2024-01-0${day}`);
    const running = start(...asked, '--workers', '1');
    const { id } = await newest((job) => !ids.has(job.id) && (hasBegun(job) || hasEnded(job)));
    running.child.kill('SIGINT');
    said = await running.ended;
    state = (await queue.find(id))!.state;
    ids.add(id);
  }
  assert.is(state, 'cancelled');
  assert.equal([said?.status, said?.stderr], [130, 'Interrupted. The same command goes on from here.\n']);
  const again = await don(...asked, '--json');
  const [report] = JSON.parse(again.stdout).items;
  assert.ok(report.events > 0 && report.events < 36_000, `${report.events} events after it`);
});

/** A service that begins with a job and goes on with it until it is cancelled. */
async function withEndlessService(work: () => Promise<void>): Promise<void> {
  const told = { text: 'filling', done: 1, of: null, unit: 'rows', share: 0.5, rate: null, secondsLeft: null };
  async function endless(job: Job): Promise<void> {
    await job.updateProgress({ told });
    while ((await redis.exists(jobCancelKey(job.id!))) === 0) await sleep(50);
    throw new Error(CANCELLED);
  }
  await lastingStatus(redis, 'jobs');
  const connection = await connectRedis(redisUrl, { patient: true });
  const worker = new Worker(JOBS.queue, endless, { connection, prefix: JOBS.prefix });
  try {
    await work();
  } finally {
    await worker.close(true);
    connection.disconnect();
    await redis.del(statusKey('jobs'));
  }
}

test('a job that a service works on goes on when who follows it is interrupted', async () => {
  await withEndlessService(async () => {
    const running = start(...backfillOf(SMALL, '--to', '-1h'));
    const { id, data } = await newest(hasBegun);
    // Time for it to see that, and to follow.
    await sleep(1_000);
    running.child.kill('SIGINT');
    const { status, stderr } = await running.ended;
    assert.is(status, 130);
    assert.match(stderr, new RegExp(`Interrupted\\. Job ${id} goes on: don jobs follow ${id} shows it`));
    const twice = await don(
      ...backfillOf(SMALL, '--to', new Date(Number(data['to']) / 1_000).toISOString(), '--detach'),
    );
    assert.equal([twice.stdout, twice.stderr], [`${id}\n`, `This is being done already, as job ${id}.\n`]);
    const cancelled = await don('jobs', 'cancel', id);
    assert.equal([cancelled.status, cancelled.stdout], [0, `Job ${id} is told to stop.\n`]);
    const follow = await don('jobs', 'follow', id);
    assert.equal([follow.status, follow.stderr], [1, `don: job ${id} was cancelled\n`]);
  });
});

test('--detach leaves a job that waits, and says where nobody works on it', async () => {
  const { status, stdout, stderr } = await don(...backfillOf(SMALL, '--detach'));
  assert.is(status, 0);
  assert.match(stderr, /No service works on jobs now/);
  const id = stdout.trim();
  assert.is((await queue.find(id))!.state, 'waiting');
  const taken = await don('jobs', 'cancel', id, '--json');
  assert.equal(JSON.parse(taken.stdout), { id, cancelled: true });
  assert.is(await queue.find(id), undefined);
});

test('what is not known is refused', async () => {
  for (const [args, message] of [
    [['lst'], /don jobs: expected list, show, follow, cancel, found lst; did you mean list\?/],
    [['show'], /don jobs show: expected one ID of don jobs list, found none/],
    [['show', '4711'], /don jobs show: expected an ID of don jobs list, found 4711/],
    [['list', 'x'], /expected flags only, found x/],
    [['list', '--limit', '0'], /--limit: expected a whole number from 1 to 10000, found 0/],
    [['cancel', (await queue.list())[0]!.id], /expected a job that waits or runs, found job \d+, which is /],
  ] as const) {
    const { status, stderr } = await don('jobs', ...args);
    assert.is(status, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

test('ends', async () => {
  await queue.close();
  await redis.quit();
});

test.run();
