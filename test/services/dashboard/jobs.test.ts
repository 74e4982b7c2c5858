import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canBeCancelled, inOrder, readJob, readLastVerify } from '../../../services/dashboard/src/market/jobs.ts';

const JOB = {
  id: '2',
  kind: 'features-backfill',
  data: { instrument: 'simulated:BTCUSDT', set: 'book-v1', from: 5 },
  state: 'running',
  progress: {
    text: 'filling live',
    done: 12_400,
    of: null,
    unit: 'rows',
    share: null,
    rate: 3_100.4,
    secondsLeft: null,
  },
  error: null,
  createdTime: 5_000_000,
  startedTime: 6_000_000,
  endedTime: null,
};

test('a job is read with what it is about and how far it is', () => {
  const job = readJob(JOB);
  assert.is(job.subject, 'book-v1 · simulated:BTCUSDT');
  assert.equal(job.progress, { share: null, text: 'filling live: 12,400 rows · 3,100/s' });
  assert.equal([job.createdMs, job.startedMs, job.endedMs, job.dueMs], [5_000, 6_000, null, null]);
  const whole = { ...JOB.progress, of: 90_000, share: 0.5, secondsLeft: 25 };
  assert.is(
    readJob({ ...JOB, progress: whole }).progress?.text,
    'filling live: 12,400 of 90,000 rows · 3,100/s · 25 s left',
  );
  assert.is(readJob({ ...JOB, progress: null }).progress, null);
  assert.throws(() => readJob({ ...JOB, state: 'lost' }), /job\/state: expected one of scheduled, .*was lost/);
});

test('what runs stands above what is to come, and that above what has ended, the newest first', () => {
  const jobs = (['done', 'scheduled', 'failed', 'running', 'waiting'] as const).map((state, at) =>
    readJob({ ...JOB, id: `${at}`, state, createdTime: at * 1_000 }),
  );
  assert.equal(
    inOrder(jobs).map(({ state }) => state),
    ['running', 'waiting', 'scheduled', 'failed', 'done'],
  );
  assert.equal(
    jobs.filter(canBeCancelled).map(({ state }) => state),
    ['running', 'waiting'],
  );
});

test('how the last verification came out', () => {
  assert.is(readLastVerify(null), null);
  assert.is(readLastVerify(undefined), null, 'an API that does not tell');
  assert.equal(readLastVerify({ time: 7_000_000, rows: 12, differenceCount: 1, outdated: ['a live'] }), {
    endedMs: 7_000,
    rows: 12,
    differences: 1,
    outdated: 1,
  });
});

test.run();
