import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bookTraining } from '../../../../services/trainer/book/book-training.ts';
import { readModel } from '../../../../services/trainer/model/model-folder.ts';
import { trainText } from '../../../../services/trainer/run/run-text.ts';
import { trainSeed } from '../../../../services/trainer/run/train-seed.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { keptOf, killAgainAndAgain } from '../run/killed-run.ts';
import { type configOf, dataOf, runBook } from './made-book-run.ts';

const test = suite('services/trainer/book/book-stopping');
const scratch = mkdtempSync(join(tmpdir(), 'don-book-stopping-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let homes = 0;
const newHome = (): string => join(scratch, String(homes++));

const STOPPING = { earlyStopping: { every: 3, patience: 3, embargoMs: 5_000 } };
const STUDY = { vary: { learningRate: { from: 1e-4, to: 1e-1, log: true } }, trials: 3, keepOneOf: 3 };
const stoppingHome = newHome();
const stopping = await runBook(stoppingHome, STOPPING, { workers: 2 });

test('killed again and again it comes to the same bytes as one that was not', async () => {
  const home = newHome();
  const { id } = stopping;
  // Before the first checkpoint, and behind it.
  await killAgainAndAgain('book', { home, id, more: STOPPING, updates: [3, 12], below: 16 });
  const resumed = await runBook(home, STOPPING, { workers: 2 });
  assert.is(JSON.stringify(resumed), JSON.stringify(stopping));
  assert.equal(keptOf(home, id), keptOf(stoppingHome, id));
});

test('early stopping looks at a part that is not learned of, between training and test, and judges its best policy', async () => {
  const data = dataOf(STOPPING);
  const { train, learned, test: tested } = data;
  const span = stopping.validation!;
  assert.is(span.toMs, train.toMs);
  assert.ok(span.toMs <= tested.fromMs);
  assert.ok(Math.abs((span.toMs - span.fromMs) / (train.toMs - train.fromMs) - 0.2) < 1e-9);
  assert.equal([learned.fromMs, learned.toMs], [train.fromMs, span.fromMs - 5_000]);
  const [environment] = bookTraining(data).environments(1);
  let lastMs = 0;
  for (let episode = 0; episode < 40; episode++) {
    environment!.reset();
    for (let isOver = false; !isOver; ) {
      const { terminated, truncated, info } = environment!.step(0);
      isOver = terminated || truncated;
      lastMs = Math.max(lastMs, info['timeMs'] as number);
    }
  }
  assert.ok(lastMs <= learned.toMs && lastMs > learned.toMs - 10_000, `${learned.toMs - lastMs} ms before its end`);
  for (const { model, seed, chosen, steps } of stopping.seeds) {
    assert.ok(chosen!.globalStep % (3 * 32) === 0, 'a look each third update');
    if (chosen!.hasStopped) assert.is(steps, chosen!.globalStep + 3 * 3 * 32);
    const { last } = await trainSeed(bookTraining(data), await testBackend(), seed, { untilStep: chosen!.globalStep });
    assert.equal(readModel(stoppingHome, model).policy, last, 'the policy is that of the step which is told');
  }
  assert.ok(stopping.seeds.some((one) => one.chosen!.globalStep < one.steps));
  assert.match(trainText(stopping), /the policy that is judged is each seed's best on/);
});

for (const [what, more, expected] of [
  ['a study without a validation part', { study: STUDY }, /^study: expected earlyStopping beside it/],
  [
    'an embargo of all',
    { earlyStopping: { embargoMs: 1e6 } },
    /^earlyStopping: expected a training span with time to learn of, 1000000 ms of embargo .*, found \d+ ms$/,
  ],
  [
    'a validation part without a book',
    { earlyStopping: { share: 1e-6, embargoMs: 0 } },
    /^earlyStopping: expected a span with a valid order book/,
  ],
  [
    'an embargo of candles',
    { earlyStopping: { embargo: 5 } },
    /^earlyStopping\/embargo: expected one of every, .*embargoMs/,
  ],
  ['an embargo below 0', { earlyStopping: { embargoMs: -1 } }, /^earlyStopping\/embargoMs: expected a time in ms/],
] as const)
  test(`${what} is refused by name`, async () => {
    const error: unknown = await runBook(newHome(), more).catch((thrown: unknown) => thrown);
    assert.match((error as Error).message, expected);
  });

test('a study chooses by the validation part, and knows nothing of the test', async () => {
  const more = {
    ...STOPPING,
    seeds: [1],
    study: STUDY,
  };
  const home = newHome();
  const report = await runBook(home, more, { workers: 2 });
  const { trials, chosen } = report.study!;
  const sharpes = trials.map(({ halts }) => halts[0]!.sharpe!);
  assert.ok(new Set(sharpes).size > 1, sharpes.join());
  assert.is(sharpes[chosen], Math.max(...sharpes));
  assert.match(report.verdict, /The settings are those of 3 that were best on the validation span/);
  const [seed] = report.seeds;
  const { learningRate } = (readModel(home, seed!.model).lineage.config as ReturnType<typeof configOf>).ppo!;
  assert.is(learningRate, trials[chosen]!.settings['learningRate']);
  // The same validation span beside another test span.
  const other = await runBook(newHome(), { ...more, test: { share: 0.05 } }, { workers: 2 });
  assert.equal(other.study, report.study);
  assert.not.equal(other.seeds[0]!.tested, seed!.tested);
});

test.run();
