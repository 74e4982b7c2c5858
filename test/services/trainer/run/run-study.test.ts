import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readModel } from '../../../../services/trainer/model/model-folder.ts';
import { algorithmOf } from '../../../../services/trainer/run/config-algorithm.ts';
import { performRun } from '../../../../services/trainer/run/perform-run.ts';
import { runFolder } from '../../../../services/trainer/run/run-folder.ts';
import { drawnSettings, haltsOf } from '../../../../services/trainer/run/run-study.ts';
import { trainText } from '../../../../services/trainer/run/run-text.ts';
import { checkTrainConfig, type TrainConfig } from '../../../../services/trainer/run/train-config.ts';
import { TEST_BACKEND } from '../../../support/test-backend.ts';
import { until } from '../../../support/until.ts';
import { madeRun, runMade } from './made-run.ts';

const test = suite('services/trainer/run/run-study');
const scratch = mkdtempSync(join(tmpdir(), 'don-study-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let homes = 0;
const newHome = (): string => join(scratch, String(homes++));

const STUDY = {
  seeds: [1],
  earlyStopping: { embargo: 10 },
  study: {
    vary: { learningRate: { from: 1e-5, to: 1e-2, log: true }, epochs: { from: 1, to: 4 } },
    trials: 4,
    keepOneOf: 2,
  },
};
const whole = await runMade(newHome(), STUDY, { workers: 2 });

test('the trials that are best on the validation span go on with more steps, and the last is trained and tested', async () => {
  const { trials, chosen } = whole.study!;
  const score = (trial: number, halt: number): number => trials[trial]!.halts[halt]!.sharpe!;
  assert.equal(
    trials.map(({ halts }) => halts[0]!.step),
    [640, 640, 640, 640],
  );
  const goOn = [0, 1, 2, 3].filter((trial) => trials[trial]!.halts.length === 2);
  assert.is(goOn.length, 2);
  for (const trial of [0, 1, 2, 3].filter((one) => !goOn.includes(one)))
    for (const better of goOn) assert.ok(score(better, 0) >= score(trial, 0), `${trial} is better than ${better}`);
  assert.is(trials[chosen]!.halts[1]!.step, 1_280);
  for (const trial of goOn) assert.ok(score(chosen, 1) >= score(trial, 1));
  const [seed] = whole.seeds;
  assert.is(whole.seeds.length, 1);
  const trained = readModel(join(scratch, '0'), seed!.model).lineage.config as TrainConfig;
  const { learningRate, epochs } = trained.ppo!;
  assert.equal({ learningRate, epochs }, trials[chosen]!.settings);
  assert.is(seed!.steps, 2_560);
  assert.match(
    whole.verdict,
    /The settings are those of 4 that were best on the validation span, and were tested once/,
  );
  assert.match(trainText(whole), /TRIAL +learningRate +epochs/);
  // How much of each choice is luck, by the returns that the halts are kept with.
  const { luck } = whole.study!;
  assert.equal(
    luck.map(({ step, of }) => [step, of]),
    [
      [640, 4],
      [1_280, 2],
    ],
  );
  for (const { overfitting, deflatedSharpe } of luck)
    for (const share of [overfitting, deflatedSharpe]) assert.ok(share! >= 0 && share! <= 1, JSON.stringify(luck));
  assert.match(trainText(whole), /\nThe best of 4 trials at 640 steps: probability of backtest overfitting \d/);
  // As one that was trained with these settings from the beginning.
  const alone = await runMade(newHome(), { ...STUDY, study: null, ppo: trained.ppo });
  assert.equal(alone.seeds[0]!.tested, seed!.tested);
});

test('what is chosen knows nothing of the test span', async () => {
  const runData = madeRun(STUDY);
  const { bars, test: tested } = runData.data;
  bars.openTimesMs.forEach((openMs, n) => {
    if (openMs >= tested.fromMs) for (const name of ['open', 'high', 'low', 'close'] as const) bars[name][n]! *= 2;
  });
  const other = await performRun(runData, { home: newHome(), backend: TEST_BACKEND, workers: 2, code: 'test' });
  assert.equal(other.study, whole.study);
  assert.not.equal(other.seeds[0]!.tested, whole.seeds[0]!.tested);
});

test('killed in the middle it goes on, and comes to the same', async () => {
  const home = newHome();
  const halts = join(runFolder(home, whole.id), 'study', 'halts.jsonl');
  for (const least of [1, 5]) {
    const child = fork(new URL('./run-process.ts', import.meta.url), ['bars', home, JSON.stringify(STUDY)]);
    const exited = once(child, 'exit');
    const count = (): number =>
      readFileSync(halts, 'utf8')
        .split('\n')
        .filter((line) => line !== '').length;
    await until(`${least} halts`, async () => existsSync(halts) && count() >= least);
    child.kill('SIGKILL');
    await exited;
  }
  assert.is(JSON.stringify(await runMade(home, STUDY)), JSON.stringify(whole));
});

test('halts are parts of the steps, in whole updates', () => {
  const sized = { totalSteps: 200_000, stepsPerUpdate: 256 };
  const config = checkTrainConfig({ instrument: 'simulated:TEST', ppo: sized });
  assert.equal(haltsOf(9, 3, config), [
    { step: 22_528, trials: 9 },
    { step: 67_584, trials: 3 },
  ]);
});

test('what no study can be of is refused by its field', () => {
  const refused = (study: object, more: object = {}): string => {
    try {
      const config = checkTrainConfig({ instrument: 'simulated:TEST', study, ...more });
      drawnSettings(config.study!, algorithmOf(config));
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(
    refused({ vary: { gama: { from: 0, to: 1 } } }),
    /^study\/vary\/gama: expected one of batchSize, .*, found gama/,
  );
  const clipRange = { from: 0.1, to: 0.2 };
  assert.match(refused({ vary: { clipRange } }, { dqn: {} }), /^study\/vary\/clipRange: expected one of gradientSteps/);
  assert.match(refused({ vary: {} }), /study\/vary: expected at least one range/);
  assert.match(refused({ vary: { gamma: { from: 0.9, to: 2 } } }), /study\/vary\/gamma\/to: expected .*, found 2/);
  assert.match(refused({ vary: { gamma: { from: 0.9, to: 0.8 } } }), /study.*from a lesser to a greater number/);
});

test('without a validation span there is nothing to choose by', async () => {
  const error: unknown = await runMade(newHome(), { study: STUDY.study }).catch((thrown: unknown) => thrown);
  assert.match((error as Error).message, /study: expected earlyStopping beside it/);
});

test.run();
