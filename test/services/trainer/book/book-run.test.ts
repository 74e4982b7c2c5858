import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bookTraining } from '../../../../services/trainer/book/book-training.ts';
import { prepareBookData } from '../../../../services/trainer/book/prepare-book-data.ts';
import { readModel } from '../../../../services/trainer/model/model-folder.ts';
import type { PlainTraining } from '../../../../services/trainer/run/open-training.ts';
import { runOf } from '../../../../services/trainer/run/run-identity.ts';
import { trainText } from '../../../../services/trainer/run/run-text.ts';
import { trainSeed } from '../../../../services/trainer/run/train-seed.ts';
import { SCALE } from '../../../pipelines/environment/book-market.ts';
import { handWritten, tapesOf } from '../../../pipelines/simulation/small-tapes.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { keptOf } from '../run/killed-run.ts';
import { configOf, QUOTING, runBook, runDataOf } from './made-book-run.ts';

const test = suite('services/trainer/book/book-run');
const scratch = mkdtempSync(join(tmpdir(), 'don-book-runs-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let homes = 0;
const newHome = (): string => join(scratch, String(homes++));

for (const [what, more] of [
  ['targets', {}],
  ['a grid of quotes', QUOTING],
  [
    'quotes, a memory, features and a clock of events',
    {
      actions: { type: 'quotes', maxOffsetTicks: 4, maxPosition: 4 },
      size: { qty: 2 },
      every: { events: 6 },
      features: ['microprice'],
      ppo: { totalSteps: 128, stepsPerUpdate: 16, batchSize: 32, epochs: 1, hiddenSizes: [4], recurrentSize: 4 },
    },
  ],
] as const)
  test(`seeds side by side come to what they come to one after another, and in one thread: ${what}`, async () => {
    const [one, other] = [newHome(), newHome()];
    const report = await runBook(one, more);
    assert.is(JSON.stringify(await runBook(other, more, { workers: 2 })), JSON.stringify(report));
    assert.equal(keptOf(one, report.id), keptOf(other, report.id));
    const [first, second] = report.seeds;
    assert.is(first!.updates * 32, first!.steps);
    assert.not.equal(first!.curve, second!.curve, 'each seed learns by itself');
    assert.ok(report.book!.average.filled > 0, 'it trades');
    const text = trainText(report);
    for (const said of [report.id, report.verdict, 'seed 2, trained on', 'average', 'random', second!.model])
      assert.ok(text.includes(said), said);
    const { training } = runDataOf(more);
    const { data } = training.plain() as Extract<PlainTraining, { readonly on: 'book' }>;
    for (const { ticks } of data.train.tape.parts)
      assert.instance(ticks.buffer, SharedArrayBuffer, 'threads have the recording once');
    for (const { seed, model, tested } of report.seeds) {
      const { policy } = await trainSeed(training, await testBackend(), seed);
      assert.equal(readModel(one, model).policy, policy);
      const { returns: _, ...judged } = training.judgeSeed(seed, policy).tested;
      assert.equal(judged, tested);
    }
  });

test('a run that is stopped goes on later, and comes to the same; one that is done is told again', async () => {
  const [home, whole] = [newHome(), newHome()];
  const expected = await runBook(whole, {}, { workers: 2 });
  const stop = new AbortController();
  const options = {
    signal: stop.signal,
    // Behind the first checkpoint of the second seed.
    onProgress: ({ done }: { readonly done: number }) => done > 512 + 400 && stop.abort(new Error('enough')),
  };
  const stopped = await runBook(home, {}, options).catch((error: Error) => error.message);
  assert.is(stopped, 'enough');
  assert.is(JSON.stringify(await runBook(home)), JSON.stringify(expected));
  assert.equal(keptOf(home, expected.id), keptOf(whole, expected.id));
  let updates = 0;
  await runBook(home, {}, { onProgress: () => updates++ });
  assert.is(updates, 0, 'nothing is trained again');
  const other = runDataOf({ balance: 2_000_000 });
  assert.is.not(runOf(other, expected.backend as 'wasm', 'test').id, expected.id);
});

test('where the price only rises, it learns to hold', async () => {
  const log = handWritten().depth(1_050, 1_055, [], [[1_003, 0]]);
  let bid = 1_000;
  for (let atMs = 1_100; atMs < 121_000; atMs += 50) {
    // Two ticks of 1,000 each: more than a taker's fee within some decisions.
    log.depth(
      atMs,
      atMs + 5,
      [
        [bid, 0],
        [bid + 2, 500_000],
      ],
      [
        [bid + 2, 0],
        [bid + 4, 500_000],
      ],
    );
    bid += 2;
    log.trade(atMs + 10, atMs + 15, bid, 1, true);
  }
  const config = configOf({ ppo: { totalSteps: 4_096, stepsPerUpdate: 64, batchSize: 64, hiddenSizes: [16] } });
  const training = bookTraining(prepareBookData(config, tapesOf(log.events), SCALE));
  const { policy } = await trainSeed(training, await testBackend(), 1);
  const { average, comparisons } = training.judgeRun([training.judgeSeed(1, policy)], undefined).book!;
  assert.ok(average.total > 0, `${average.total}`);
  assert.is(comparisons.find(({ name }) => name === 'flat')!.is, 'better');
});

test.run();
