// time limit: 120 s
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bookText } from '../../../../services/trainer/book/book-text.ts';
import { judgeBook } from '../../../../services/trainer/book/judge-book.ts';
import { prepareBookData } from '../../../../services/trainer/book/prepare-book-data.ts';
import { trainBookSeed } from '../../../../services/trainer/book/train-book-seed.ts';
import { SCALE } from '../../../pipelines/environment/book-market.ts';
import { handWritten, tapesOf } from '../../../pipelines/simulation/small-tapes.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { configOf, QUOTING, runBook } from './made-book-run.ts';

const test = suite('services/trainer/book/perform-book-run');
const scratch = mkdtempSync(join(tmpdir(), 'don-book-runs-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let homes = 0;
const newHome = (): string => join(scratch, String(homes++));

/** All that a run keeps as text. */
function kept(home: string, id: string): Record<string, string> {
  const folder = join(home, 'runs', id);
  const names = readdirSync(folder).filter((name) => /\.jsonl?$/.test(name));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

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
  test(`a run comes to the same bytes each time: ${what}`, async () => {
    const [one, other] = [newHome(), newHome()];
    const report = await runBook(one, more);
    assert.is(JSON.stringify(await runBook(other, more)), JSON.stringify(report));
    assert.equal(kept(one, report.id), kept(other, report.id));
    const [first, second] = report.seeds;
    assert.is(first!.updates * 32, first!.steps);
    assert.not.equal(first!.curve, second!.curve, 'each seed learns by itself');
    assert.ok(report.average.filled > 0, 'it trades');
    const text = bookText(report);
    for (const said of [report.id, report.verdict, 'seed 2, trained on', 'random'])
      assert.ok(text.includes(said), said);
    assert.equal(
      readdirSync(join(one, 'runs', report.id)).filter((name) => name.endsWith('.checkpoint')),
      ['seed-1.checkpoint', 'seed-2.checkpoint'],
    );
  });

test('a run that is stopped goes on later, and comes to the same; one that is done is told again', async () => {
  const [home, whole] = [newHome(), newHome()];
  const expected = await runBook(whole);
  const stop = new AbortController();
  let steps = 0;
  const stopped = await runBook(
    home,
    {},
    {
      signal: stop.signal,
      onProgress({ done }) {
        steps = done;
        // Behind the first checkpoint of the second seed.
        if (done > 512 + 400) stop.abort(new Error('enough'));
      },
    },
  ).catch((error: Error) => error.message);
  assert.equal([stopped, steps < 1_024], ['enough', true]);
  assert.is(JSON.stringify(await runBook(home)), JSON.stringify(expected));
  assert.equal(kept(home, expected.id), kept(whole, expected.id));
  let updates = 0;
  await runBook(home, {}, { onProgress: () => updates++ });
  assert.is(updates, 0, 'nothing is trained again');
  assert.is.not((await runBook(newHome(), { balance: 2_000_000 })).id, expected.id);
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
  const data = prepareBookData(config, tapesOf(log.events), SCALE);
  const backend = await testBackend();
  const { policy } = await trainBookSeed(data, backend, 1, { folder: mkdtempSync(join(scratch, 'seed-')) });
  const { average, comparisons } = judgeBook(data, new Map([[1, policy]]));
  assert.ok(average.total > 0, `${average.total}`);
  assert.is(comparisons.find(({ name }) => name === 'flat')!.is, 'better');
});

test.run();
