import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createProgressDisplay, progressText } from '../../../services/cli/progress.ts';
import { sparkline } from '../../../services/cli/sparkline.ts';
import { createRunProgress } from '../../../services/trainer/run/run-progress.ts';
import { checkTrainConfig } from '../../../services/trainer/run/train-config.ts';

const test = suite('services/cli/train-progress');

test('a sparkline goes from the least to the greatest value, and ends with the last', () => {
  assert.is(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8), '▁▂▃▄▅▆▇█');
  assert.is(sparkline([null, 5, null, -5], 8), '█▁');
  assert.is(sparkline([1, 1], 8), '▁▁');
  assert.is(sparkline([], 8), '');
  assert.is(sparkline([0, 9, 0, 9, 0, 9, 7], 3), '▁▁█');
});

test('progress is of all seeds together, with the curve of each that has ended an episode', () => {
  const config = checkTrainConfig({ instrument: 'simulated:TEST', seeds: [1, 2], ppo: { totalSteps: 100 } });
  const progress = createRunProgress('abc', config);
  progress.add(1, [{ globalStep: 64, episodeReturnMean: null }]);
  assert.equal(progress.now(), { text: 'run abc', done: 64, of: 200, unit: 'steps', share: 0.32 });
  progress.add(1, [{ globalStep: 128, episodeReturnMean: 0.5 }]);
  progress.add(2, [
    { globalStep: 32, episodeReturnMean: -0.25 },
    { globalStep: 50, episodeReturnMean: 0.1234 },
  ]);
  assert.equal(progress.now(), {
    text: 'run abc',
    done: 150,
    of: 200,
    unit: 'steps',
    share: 0.75,
    detail: '1 ▁ 0.500  2 ▁█ 0.123',
  });
});

test('on a terminal a line is no longer than its width, so that it can be taken away', () => {
  const written: string[] = [];
  const stream = { isTTY: true, columns: 60, write: (text: string) => written.push(text) };
  const display = createProgressDisplay(stream, () => 0);
  display.update({ what: 'run abc', share: 0.5, done: 100, unit: 'steps', detail: '1 ▁▂▃▄▅▆▇█ 0.500' });
  assert.is(written[0]!.replace('\r\u001b[K', '').length, 59);
});

test('elsewhere a line is written where another whole per cent is done, and none twice', () => {
  const written: string[] = [];
  let nowMs = 0;
  const display = createProgressDisplay({ write: (text: string) => written.push(text.trim()) }, () => nowMs);
  for (const [seconds, done] of [0, 0, 1, 1, 1, 2, 2].map((done, n) => [10 * n, done] as const)) {
    nowMs = seconds * 1_000;
    display.update({ what: 'study', share: done / 3, done, unit: 'trials', rate: done / 30, secondsLeft: null });
  }
  assert.equal(written, ['study         0 %', 'study        33 %  1 trial', 'study        66 %  2 trials']);
  for (const done of [5, 5, 6]) {
    nowMs += 10_000;
    display.update({ what: 'reading', share: undefined, done, unit: 'rows', rate: 1, secondsLeft: null });
  }
  assert.equal(written.slice(3), ['reading     5 rows  1/s', 'reading     6 rows  1/s']);
});

test('one thing is named in the singular', () => {
  const of = (unit: string) => progressText({ what: 'reading', share: undefined, done: 1, unit }, 0, false);
  assert.equal([of('trials'), of('entries')], ['reading     1 trial', 'reading     1 entry']);
});

test.run();
