import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jobsText, jobText } from '../../../services/cli/jobs-text.ts';
import type { JobRecord } from '../../../services/jobs/job-record.ts';
import { checkRunConfig } from '../../../services/trainer/run/run-config.ts';

const test = suite('services/cli/jobs-text');

const job = (kind: string, data: unknown): JobRecord => ({
  id: '7',
  kind,
  state: 'waiting',
  data: data as JobRecord['data'],
  createdTime: 1_795_777_000_000_000,
  startedTime: null,
  endedTime: null,
  dueTime: null,
  starts: 0,
  progress: null,
  result: null,
  error: null,
});
const ofLine = (record: JobRecord): string => /^of +(.*)$/m.exec(jobText(record))![1]!;

test('a training says on what it trains and by which seeds, not all of its config', () => {
  const bars = checkRunConfig({ instrument: 'simulated:X', interval: '1m', seeds: [1, 2] });
  assert.is(ofLine(job('train', bars)), 'simulated:X 1m seeds 1,2');
  const book = checkRunConfig({ environment: 'book', instrument: 'simulated:X', every: { ms: 500 }, seeds: [3] });
  assert.is(ofLine(job('train', book)), 'simulated:X book 500 ms seeds 3');
  assert.match(jobsText([job('train', bars)]), / simulated:X 1m seeds 1,2 +2026-/);
});

test('what has parts is told in words', () => {
  const data = {
    strategy: 'trend',
    vary: { fast: { from: 5, to: 50 } },
    objectives: ['sharpe', 'total'],
    recording: null,
  };
  assert.is(ofLine(job('optimise', data)), 'trend fast from 5 to 50 sharpe,total');
  assert.is(ofLine(job('verify', {})), 'everything');
});

test.run();
