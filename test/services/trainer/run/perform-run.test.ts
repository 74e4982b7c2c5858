// time limit: 480 s
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readModel } from '../../../../services/trainer/model/model-folder.ts';
import { runOf } from '../../../../services/trainer/run/run-identity.ts';
import { figures, type SeedReport } from '../../../../services/trainer/run/run-report.ts';
import { trainText } from '../../../../services/trainer/run/run-text.ts';
import { trainAndJudge } from '../../../../services/trainer/run/train-run.ts';
import { trainSeed } from '../../../../services/trainer/run/train-seed.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { keptOf, killAgainAndAgain } from './killed-run.ts';
import { madeRun, runMade } from './made-run.ts';

const test = suite('services/trainer/run/perform-run');
const scratch = mkdtempSync(join(tmpdir(), 'don-runs-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let homes = 0;
const newHome = (): string => join(scratch, String(homes++));

const serialHome = newHome();
const whole = await runMade(serialHome);

test('seeds side by side come to what they come to one after another, and in one thread', async () => {
  const home = newHome();
  const report = await runMade(home, {}, { workers: 2 });
  assert.is(JSON.stringify(report), JSON.stringify(whole));
  assert.equal(keptOf(home, report.id), keptOf(serialHome, whole.id));
  const inPairs = await runMade(newHome(), {}, { workers: 4 });
  assert.is(JSON.stringify(inPairs), JSON.stringify(whole), 'with two threads a seed');
  const { runs, baselines } = await trainAndJudge(madeRun().data, await testBackend());
  assert.equal(
    report.seeds.map(({ tested, trained }) => [tested, trained]),
    runs.map(({ tested, trained }) => [figures(tested), figures(trained)]),
  );
  assert.equal(report.baselines, baselines.map(figures));
  for (const [n, { model, steps, updates }] of report.seeds.entries()) {
    assert.equal([steps, updates], [2_560, 40]);
    assert.equal(readModel(home, model).policy, runs[n]!.policy);
  }
});

test('a run of candles keeps its id from one version of Don to the next', () => {
  const idOf = (more: object): string => runOf(madeRun(more), 'wasm', 'test').id;
  assert.equal([idOf({}), idOf({ earlyStopping: {} })], ['bda7062576e56963', '156799977896bb34']);
});

test('what decides on the result makes another run; what does not, does not', async () => {
  const ids = await Promise.all(
    [{}, { seeds: [1] }, { balance: 20_000 }].map(async (more) => (await runMade(newHome(), { ...tiny, ...more })).id),
  );
  assert.is(new Set(ids).size, 3);
  assert.is((await runMade(newHome(), tiny, { workers: 2 })).id, ids[0]);
  assert.is.not((await runMade(newHome(), tiny, { code: 'other' })).id, ids[0]);
});

const tiny = { ppo: { totalSteps: 128, stepsPerUpdate: 32, batchSize: 32, epochs: 1, hiddenSizes: [4] } };
/** As many updates as PPO has. */
const OFF_POLICY = { totalSteps: 2_560, stepsPerUpdate: 32, batchSize: 32, learningStarts: 200, hiddenSizes: [8, 8] };
const STOPPING = { earlyStopping: { every: 4, patience: 4, embargo: 10 } };

for (const [what, more] of [
  ['', {}],
  [', also where it stops early', STOPPING],
  [', by DQN', { dqn: OFF_POLICY }],
  [', by SAC', { sac: OFF_POLICY, actions: { type: 'continuous' } }],
] as const)
  test(`killed again and again it comes to the same bytes as one that was not${what}`, async () => {
    const [home, wholeHome] = [newHome(), newHome()];
    const expected = await runMade(wholeHome, more);
    // Before the first checkpoint, and behind the first and the third.
    await killAgainAndAgain('bars', { home, id: expected.id, more, updates: [3, 14, 33], below: 40 });
    const resumed = await runMade(home, more, { workers: 2 });
    assert.equal(resumed, expected);
    assert.is(JSON.stringify(resumed), JSON.stringify(expected));
    assert.equal(keptOf(home, expected.id), keptOf(wholeHome, expected.id));
  });

test('early stopping looks at a span that is not learned of, and judges its best policy', async () => {
  const runData = madeRun(STOPPING);
  const home = newHome();
  const report = await runMade(home, STOPPING);
  const { train, test: tested } = runData.data;
  const span = report.validation!;
  assert.is(span.toMs, train.toMs);
  assert.ok(span.toMs <= tested.fromMs);
  assert.ok(span.fromMs > train.fromMs + 0.75 * (train.toMs - train.fromMs));
  for (const { chosen, steps, updates } of report.seeds) {
    assert.ok(chosen!.globalStep % (4 * 64) === 0, 'a look each fourth update');
    assert.is(updates * 64, steps);
    assert.is(chosen!.luck.of, updates / 4, 'each look is one that it was chosen among');
    // So many looks behind the best one, and no more.
    if (chosen!.hasStopped) assert.is(steps, chosen!.globalStep + 4 * 4 * 64);
  }
  const [{ seed, model, chosen }] = report.seeds as [SeedReport];
  const untilStep = chosen!.globalStep;
  const { last } = await trainSeed(runData.training, await testBackend(), seed, { untilStep });
  assert.equal(readModel(home, model).policy, last, 'the policy is that of the step which is told');
  assert.ok(report.seeds.some((one) => one.chosen!.globalStep < one.steps));
  assert.match(trainText(report), /the policy that is judged is each seed's best on/);
  assert.match(trainText(report), new RegExp(`\\nThe best of ${chosen!.luck.of} looks at seed ${seed}: `));
});

test('a run that is stopped goes on later; one that is done is told again', async () => {
  const home = newHome();
  const stop = new AbortController();
  const stopped = await runMade(
    home,
    {},
    {
      signal: stop.signal,
      onProgress: ({ done }) => done > 1_000 && stop.abort(new Error('enough')),
    },
  ).catch((error: Error) => error.message);
  assert.is(stopped, 'enough');
  const told: string[] = [];
  const register = async (_: unknown, run: string): Promise<void> => void told.push(run);
  let updates = 0;
  const onProgress = (): void => void updates++;
  assert.is(JSON.stringify(await runMade(home, {}, { register, onProgress })), JSON.stringify(whole));
  const before = updates;
  assert.ok(before > 0);
  assert.is(JSON.stringify(await runMade(home, {}, { register, onProgress })), JSON.stringify(whole));
  assert.is(updates, before, 'nothing is trained again');
  assert.equal(told, [whole.id, whole.id, whole.id, whole.id]);
});

test.run();
