import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fileHash } from '../../../../infra/user-module.ts';
import { defineStrategy } from '../../../../pipelines/simulation/strategy.ts';
import type { BadJobData } from '../../../../services/jobs/job-kind.ts';
import { train } from '../../../../services/jobs/kinds/train.ts';
import { openPolicy } from '../../../../services/trainer/algorithms/policy.ts';
import { checkBookConfig } from '../../../../services/trainer/book/book-config.ts';
import { readModel } from '../../../../services/trainer/model/model-folder.ts';
import { modelStrategy } from '../../../../services/trainer/model/model-strategy.ts';
import { barTraining } from '../../../../services/trainer/run/bar-training.ts';
import { nearestAction } from '../../../../services/trainer/run/nearest-action.ts';
import { passOver } from '../../../../services/trainer/run/pass.ts';
import { runOf } from '../../../../services/trainer/run/run-identity.ts';
import { trainText } from '../../../../services/trainer/run/run-text.ts';
import { strategyTargets } from '../../../../services/trainer/run/strategy-targets.ts';
import { checkTrainConfig } from '../../../../services/trainer/run/train-config.ts';
import { trainSeed } from '../../../../services/trainer/run/train-seed.ts';
import { WARM_START } from '../../../../services/trainer/run/warm-start-settings.ts';
import { loadWarmStrategy } from '../../../../services/trainer/run/warm-strategy.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { madeMarket } from '../evaluate/made-market.ts';
import { keptOf, killAgainAndAgain } from './killed-run.ts';
import { madeRun, runMade } from './made-run.ts';

const test = suite('services/trainer/run/warm-start');
const scratch = mkdtempSync(join(tmpdir(), 'don-warm-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let homes = 0;
const newHome = (): string => join(scratch, String(homes++));

/** Long after a candle that rose, short after one that fell: the last return tells. */
const following = (onClose: (timeMs: number) => void = () => {}) =>
  defineStrategy({
    name: 'following',
    title: 'Following',
    says: 'goes where the last candle went',
    parameters: {},
    events: [],
    barMs: () => 60_000,
    create() {
      let last = Number.NaN;
      return {
        onBar({ close, closeTimeMs }, market) {
          onClose(closeTimeMs);
          const wanted = Math.sign(close - last) * 1_000;
          last = close;
          if (Number.isNaN(wanted) || wanted === market.positionSteps) return;
          const steps = wanted - market.positionSteps;
          market.placeMarket(steps > 0 ? 'buy' : 'sell', Math.abs(steps));
        },
      };
    },
  });

/** A market with that rule's warm start. */
function followed(actions: object) {
  const market = madeMarket({ persistence: 0.9, move: 0.001 });
  const warmStart = WARM_START.parse({ strategy: 'following.ts', fullPosition: 1, cloning: { epochsMax: 20 } });
  const config = { ...market.config, actions, warmStart } as typeof market.config;
  return { ...market, config, warmStrategy: { definition: following(), hash: '0', parameters: {} } };
}

test('a policy that begins with a strategy acts as it does, where it was not shown and where nothing was learned', async () => {
  const backend = await testBackend();
  const data = followed({ type: 'flat-long-short' });
  const { last, steps, warmStart } = await trainSeed(barTraining(data), backend, 1, { untilStep: 0 });
  assert.is(steps, 0);
  const { agreement, actingAgreement, commonest, clonedTotal, shownTotal, strategyTotal } = warmStart!;
  assert.ok(agreement! >= 0.9 && actingAgreement! >= 0.9, `${agreement} ${actingAgreement}`);
  assert.ok(commonest! < 0.7, `${commonest}`);
  assert.ok(Math.abs(Math.log1p(clonedTotal) - Math.log1p(shownTotal)) < 0.2, `${clonedTotal} ${shownTotal}`);
  assert.ok(strategyTotal > 0, `${strategyTotal}`);
  const { close } = data.bars;
  const decide = openPolicy(last);
  let [same, all] = [0, 0];
  passOver(data, data.test, (observation, bar) => {
    const action = decide(observation);
    all++;
    same += action === (close[bar]! > close[bar - 1]! ? 1 : 2) ? 1 : 0;
    return action;
  });
  assert.ok(all > 1_000 && same / all >= 0.9, `${same} of ${all}`);
});

test('targets that are numbers are cloned too', async () => {
  const { outcome } = barTraining(followed({ type: 'continuous' })).beginWarm(await testBackend(), 1)!;
  assert.equal([outcome.agreement, outcome.actingAgreement, outcome.commonest], [null, null, null]);
  assert.ok(outcome.error! < 0.5 && outcome.actingError! < 0.5, `${outcome.error} ${outcome.actingError}`);
});

test('nothing is cloned of the validation span, nor of what is left out before it', async () => {
  const data = followed({ type: 'flat-long-short' });
  const earlyStopping = { every: 1, patience: 1, share: 0.2, embargo: 100 };
  let seenMs = 0;
  const definition = following((timeMs) => {
    seenMs = timeMs;
  });
  const warmStrategy = { definition, hash: '0', parameters: {} };
  const training = barTraining({ ...data, warmStrategy, config: { ...data.config, earlyStopping } });
  training.beginWarm(await testBackend(), 1);
  assert.is(seenMs, training.validation!.fromMs - 100 * 60_000);
});

test('of a model that acts by the same terms its own actions are shown', async () => {
  const home = newHome();
  const { seeds } = await runMade(home);
  const { model: id } = seeds[0]!;
  const model = readModel(home, id);
  const { data } = madeRun();
  const { targets } = strategyTargets(
    data,
    data.train,
    { definition: modelStrategy(id, model), hash: id, parameters: {} },
    null,
  );
  const [decide, actionOf] = [openPolicy(model.policy), nearestAction(data.config.actions)];
  const [own, shown]: [unknown[], unknown[]] = [[], []];
  passOver(data, data.train, (observation, bar) => {
    const action = decide(observation);
    own.push(action);
    shown.push(actionOf(targets[bar]!));
    return action;
  });
  assert.ok(new Set(own).size > 1, 'it does several things');
  assert.equal(shown, own);
});

const WARM = {
  warmStart: {
    strategy: 'moving-average-cross',
    parameters: { fast: 2, slow: 5, qty: 5 },
    cloning: { epochsMax: 3 },
  },
};

test('killed again and again it comes to the same bytes as one that was not; each seed clones by its own chance', async () => {
  const [home, wholeHome] = [newHome(), newHome()];
  const expected = await runMade(wholeHome, WARM);
  await killAgainAndAgain('bars', { home, id: expected.id, more: WARM, updates: [3, 14] });
  const resumed = await runMade(home, WARM, { workers: 2 });
  assert.is(JSON.stringify(resumed), JSON.stringify(expected));
  assert.equal(keptOf(home, expected.id), keptOf(wholeHome, expected.id));
  const [one, two] = resumed.seeds.map(({ warmStart }) => warmStart!);
  assert.is(one!.decisions, two!.decisions);
  assert.is.not(one!.heldOutLoss, two!.heldOutLoss);
  assert.match(
    trainText(resumed),
    /\nSeed 2 began with moving-average-cross: of \d+ decisions held out it agrees with .* %, and by itself with .* %/,
  );
  const cold = await runMade(newHome(), {});
  assert.not.match(trainText(cold), /began with/);
  assert.is.not(cold.seeds[0]!.model, resumed.seeds[0]!.model);
});

const idOf = async (more: object): Promise<string> => {
  const { part, data } = madeRun(more);
  const warmStrategy = await loadWarmStrategy(data.config);
  return runOf({ part, training: barTraining({ ...data, warmStrategy }) }, 'wasm', 'test').id;
};

test('what is in the file of a strategy decides on the id of the run; null is as if it were not said', async () => {
  const file = join(scratch, 'own.ts');
  const warmStart = { strategy: file };
  const idWith = async (says: string): Promise<string> => {
    const declared = `{ name: 'own', title: 'Own', says: '${says}', parameters: {}, events: [], create: () => ({}) }`;
    writeFileSync(file, `import { defineStrategy } from 'don/strategy'; export default defineStrategy(${declared});\n`);
    return idOf({ warmStart });
  };
  const ids = [await idWith('one'), await idWith('two'), await idWith('one')];
  assert.is(ids[0], ids[2]);
  assert.is.not(ids[0], ids[1]);
  assert.is(await idOf({ warmStart: null }), 'bda7062576e56963');
});

test('a strategy of a file is loaded by the threads of a run, and by no job', async () => {
  const file = join(scratch, 'turning.ts');
  const create = `create() { let n = 0; return { onBar: (_, market) => {
    if (n++ % 20 === 0) market.placeMarket(n % 40 === 1 ? 'buy' : 'sell', n === 1 ? 5 : 10);
  } }; }`;
  const declared = `{ name: 'turning', title: 'Turning', says: 'turns', parameters: {}, events: [], barMs: () => 60_000, ${create} }`;
  writeFileSync(file, `import { defineStrategy } from 'don/strategy'; export default defineStrategy(${declared});\n`);
  const warmStart = { strategy: file, cloning: { epochsMax: 1 } };
  const ppo = { totalSteps: 128, stepsPerUpdate: 32, batchSize: 32, epochs: 1, hiddenSizes: [4] };
  const report = await runMade(newHome(), { warmStart, ppo }, { workers: 2 });
  assert.is(report.strategyHash, fileHash(file));
  assert.is(report.seeds[1]!.warmStart!.strategy, file);
  const asked = train.data.parse({ instrument: 'simulated:TEST', warmStart });
  const refused: unknown = await train.check!({} as Redis, asked).catch((error: unknown) => error);
  assert.equal((refused as BadJobData).errors, [
    { field: 'data/warmStart/strategy', expected: 'a strategy by its name: jobs load no files', found: file },
  ]);
});

const refusal = async (more: object): Promise<string> => {
  try {
    await idOf(more);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};
const { warmStart } = WARM;

for (const [what, more, expected] of [
  [
    'an unknown strategy',
    { warmStart: { strategy: 'moving-average' } },
    /^warmStart\/strategy: expected one of .*; did you mean moving-average-cross\?$/,
  ],
  [
    'an unknown parameter',
    { warmStart: { ...warmStart, parameters: { quick: 2 } } },
    /^warmStart\/parameters, quick: expected parameters among barMs, fast, slow, qty, found quick$/,
  ],
  [
    'bars that candles cannot make',
    { warmStart: { ...warmStart, parameters: { barMs: 90_000 } } },
    /^warmStart\/strategy: strategy moving-average-cross asks for bars of 90000 ms/,
  ],
  [
    'a strategy of the book',
    { warmStart: { strategy: 'market-maker' } },
    /^warmStart\/strategy: strategy market-maker asks/,
  ],
  [
    'an unknown field',
    { warmStart: { ...warmStart, noises: 1 } },
    /^warmStart\/noises: expected one of strategy, .*did you mean noise\?$/,
  ],
  [
    'another algorithm',
    { warmStart, ppo: undefined, dqn: {} },
    /^warmStart: expected ppo, whose policy can be cloned, found dqn$/,
  ],
  [
    'a memory',
    { warmStart, ppo: { recurrentSize: 8 } },
    /^ppo\/recurrentSize: expected null with warmStart: a policy with a memory cannot be cloned, found 8$/,
  ],
] as const)
  test(`${what} is refused by name`, async () => {
    assert.match(await refusal(more), expected);
  });

test('where nothing is held out it is refused by the field of the config', async () => {
  const data = followed({ type: 'flat-long-short' });
  const warmStart = WARM_START.parse({ strategy: 'following.ts', cloning: { heldOutShare: 0 }, fullPosition: 1 });
  const backend = await testBackend();
  assert.throws(
    () => barTraining({ ...data, config: { ...data.config, warmStart } }).beginWarm(backend, 1),
    /^warmStart\/cloning\/heldOutShare: expected decisions to learn from and some held out, found/,
  );
});

test('on an order book none is cloned', () => {
  assert.throws(
    () => checkBookConfig({ environment: 'book', instrument: 'simulated:TEST', warmStart }),
    /^warmStart: expected one of environment, /,
  );
  // What is usual is shown.
  assert.is(checkTrainConfig({ instrument: 'simulated:TEST', warmStart }).warmStart!.noise, 0.5);
});

test.run();
