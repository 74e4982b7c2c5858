// time limit: 120 s
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readModel } from '../../../../services/trainer/model/model-folder.ts';
import { readReport, runFolder } from '../../../../services/trainer/run/run-folder.ts';
import { figures, type SeedReport } from '../../../../services/trainer/run/run-report.ts';
import { trainText } from '../../../../services/trainer/run/run-text.ts';
import { trainAndJudge } from '../../../../services/trainer/run/train-run.ts';
import { trainSeed } from '../../../../services/trainer/run/train-seed.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { until } from '../../jobs/until.ts';
import { madeRun, runMade } from './made-run.ts';

const test = suite('services/trainer/run/perform-run');
const scratch = mkdtempSync(join(tmpdir(), 'don-runs-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let homes = 0;
const newHome = (): string => join(scratch, String(homes++));

/** All that a run has come to, but for checkpoints, whose bytes hold what an update took. */
function kept(home: string, id: string): Record<string, string> {
  const folder = runFolder(home, id);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') || name.endsWith('.jsonl'));
  const models = readdirSync(join(home, 'models')).sort();
  return {
    models: models.join(),
    ...Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')])),
  };
}

const serialHome = newHome();
const whole = await runMade(serialHome);

test('seeds side by side come to what they come to one after another, and in one thread', async () => {
  const home = newHome();
  const report = await runMade(home, {}, { workers: 2 });
  assert.is(JSON.stringify(report), JSON.stringify(whole));
  assert.equal(kept(home, report.id), kept(serialHome, whole.id));
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

test('what decides on the result makes another run; what does not, does not', async () => {
  const ids = await Promise.all(
    [{}, { seeds: [1] }, { balance: 20_000 }].map(async (more) => (await runMade(newHome(), { ...tiny, ...more })).id),
  );
  assert.is(new Set(ids).size, 3);
  assert.is((await runMade(newHome(), tiny, { workers: 2 })).id, ids[0]);
  assert.is.not((await runMade(newHome(), tiny, { code: 'other' })).id, ids[0]);
});

const tiny = { ppo: { totalSteps: 128, stepsPerUpdate: 32, batchSize: 32, epochs: 1, hiddenSizes: [4] } };
const STOPPING = { earlyStopping: { every: 4, patience: 4, embargo: 10 } };

for (const [what, more] of [
  ['', {}],
  [', also where it stops early', STOPPING],
] as const)
  test(`killed again and again it comes to the same bytes as one that was not${what}`, async () => {
    const [home, wholeHome] = [newHome(), newHome()];
    const expected = await runMade(wholeHome, more);
    const folder = runFolder(home, expected.id);
    const lines = (seed: number): number => {
      const path = join(folder, `seed-${seed}.metrics.jsonl`);
      return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
    };
    const seen: number[] = [];
    // Before the first checkpoint, and behind the first and the third.
    for (const least of [3, 14, 33]) {
      const child = fork(new URL('./run-process.ts', import.meta.url), [home, JSON.stringify(more)]);
      const exited = once(child, 'exit');
      await until(`${least} updates`, async () => lines(1) >= least || lines(2) >= least || readReport(folder));
      child.kill('SIGKILL');
      await exited;
      seen.push(lines(1));
    }
    assert.ok(seen[0]! < 40, `${seen[0]} updates when it was first killed`);
    const resumed = await runMade(home, more, { workers: 2 });
    assert.equal(resumed, expected);
    assert.is(JSON.stringify(resumed), JSON.stringify(expected));
    assert.equal(kept(home, expected.id), kept(wholeHome, expected.id));
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
    // So many looks behind the best one, and no more.
    if (chosen!.hasStopped) assert.is(steps, chosen!.globalStep + 4 * 4 * 64);
  }
  const [{ seed, model, chosen }] = report.seeds as [SeedReport];
  const untilStep = chosen!.globalStep;
  const { last } = await trainSeed(runData.data, await testBackend(), seed, { untilStep });
  assert.equal(readModel(home, model).policy, last, 'the policy is that of the step which is told');
  assert.ok(report.seeds.some((one) => one.chosen!.globalStep < one.steps));
  assert.match(trainText(report), /the policy that is judged is each seed's best on/);
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
