import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  byName,
  decidesOn,
  modelOfStrategy,
  modelTitle,
  readModel,
} from '../../../services/dashboard/src/training/model.ts';
import { choosingAmong, readRun, seedsText, stepsOf } from '../../../services/dashboard/src/training/run.ts';
import { stageOrders } from '../../../services/dashboard/src/training/stage-order.ts';
import { modelJson } from '../../../services/trainer/registry/model-json.ts';
import type { ModelRecord, Stage } from '../../../services/trainer/registry/model-record.ts';
import type { RunRecord } from '../../../services/trainer/store/run-record.ts';
import { smallModel } from '../trainer/model/small-model.ts';
import { madeRun } from '../trainer/run/made-run.ts';

// What the API answers is made of the records themselves, so that a change of theirs is seen here.

const { tested } = smallModel();
const RUN: RunRecord = {
  id: '4c052cc33bd38997',
  status: 'running',
  instrument: 'simulated:TEST',
  interval: '1m',
  recording: 'live',
  fromEntryId: '1-0',
  toEntryId: '2-0',
  train: { from: 1_000_000, to: 2_000_000 },
  test: { from: 2_000_000, to: 3_000_000 },
  seeds: [1, 2],
  config: madeRun().data.config,
  rewardHash: null,
  backend: 'wasm',
  codeVersion: 'test',
  starts: 2,
  createdTime: 5_000_000,
  startedTime: 6_000_000,
  endedTime: null,
  error: null,
  summary: null,
};
const SEED = { seed: 1, model: 'ab', steps: 64, updates: 2, chosen: null, curve: [], trained: tested.model };

function model(stage: Stage, number = 3, name = 'btc-trend') {
  return readModel({ ...modelJson(recordOf(stage, number, name)), history: [] });
}

function recordOf(stage: Stage, number = 3, name = 'btc-trend'): ModelRecord {
  const { lineage, featureHash, interval } = smallModel();
  return {
    id: `0a1b2c3d4e5f607${number}`,
    name,
    number,
    stage,
    instrument: 'simulated:BTCUSDT',
    environment: 'bars',
    interval,
    featureHash,
    recording: lineage.recording,
    fromEntryId: lineage.fromEntryId,
    toEntryId: lineage.toEntryId,
    train: lineage.train,
    test: lineage.test,
    seed: lineage.seed,
    steps: lineage.steps,
    backend: lineage.backend,
    codeVersion: lineage.codeVersion,
    tested: { model: tested.model, baselines: [{ ...tested.model, name: 'flat', sharpe: null, sharpeInterval: null }] },
    parent: null,
    runId: RUN.id,
    createdMs: 7_000,
  };
}

test('a model says what it decides on, and how often', () => {
  assert.is(decidesOn(model('candidate')), 'candles of 1s');
  const onBook = { ...modelJson(recordOf('candidate')), environment: 'book', interval: '100 ms', history: [] };
  assert.is(decidesOn(readModel(onBook)), 'the order book each 100 ms');
});

test('a run is read, with how far it is', () => {
  const run = readRun({
    ...RUN,
    progress: [
      { seed: 1, step: 640 },
      { seed: 2, step: 2_600 },
    ],
  });
  assert.equal([run.totalSteps, run.setup], [2_560, '2 features, flat-long-short, reward log-return']);
  assert.equal([run.train, run.createdMs, run.endedMs], [{ fromMs: 1_000, toMs: 2_000 }, 5_000, null]);
  assert.equal(
    stepsOf(run, run.progress!),
    { done: 3_200, of: 5_120, share: 0.625 },
    'none is further than it is to go',
  );
  assert.is(readRun(RUN).progress, null, 'a list does not tell');
  assert.throws(() => readRun({ ...RUN, status: 'lost' }), /run\/status: expected one of running, .*was lost/);
});

test('a run with a study chooses among so many settings until a seed has trained', () => {
  const study = { vary: { gamma: { from: 0.9, to: 0.99 } }, trials: 4 };
  const { config } = madeRun({ study, earlyStopping: {} }).data;
  const run = readRun({ ...RUN, config });
  assert.equal([choosingAmong(run, []), choosingAmong(run, [{ seed: 1, step: 0 }])], [4, 4]);
  assert.is(choosingAmong(run, [{ seed: 1, step: 32 }]), null);
  assert.is(choosingAmong({ ...run, status: 'failed' }, []), null);
  assert.is(choosingAmong(readRun(RUN), []), null, 'without a study');
});

test('a config of another version is no fault', () => {
  const run = readRun({ ...RUN, config: { instrument: 'simulated:TEST' } });
  assert.equal([run.totalSteps, run.setup], [null, '']);
  assert.equal(stepsOf(run, [{ seed: 1, step: 640 }]), { done: 640, of: null, share: null });
});

test('what a run came to is read, spans of the summary in ms', () => {
  const summary = {
    validation: { fromMs: 5, toMs: 7 },
    study: {
      trials: [
        { settings: { learningRate: 0.1 }, halts: [] },
        { settings: { learningRate: 0.0003, gamma: 0.99 }, halts: [] },
      ],
      chosen: 1,
    },
    seeds: [{ ...SEED, tested: { ...tested.model, sharpe: null, sharpeInterval: null } }],
    baselines: [],
    verdict: 'no better than flat',
  };
  const { outcome } = readRun({ ...RUN, status: 'done', summary });
  assert.equal(outcome?.validation, { fromMs: 5, toMs: 7 });
  assert.is(outcome?.settings, 'learningRate 0.0003, gamma 0.99, the best of 2 on the validation span');
  assert.is(readRun({ ...RUN, summary: { ...summary, study: null } }).outcome?.settings, null);
  assert.equal(outcome?.seeds[0]?.trained.sharpeInterval, { low: 0.5, high: 1.5 });
  assert.equal([outcome?.seeds[0]?.tested.sharpe, outcome?.seeds[0]?.tested.sharpeInterval], [null, null]);
  const seeds = [{ ...SEED, tested: { ...tested.model, total: 'much' } }];
  assert.throws(() => readRun({ ...RUN, summary: { ...summary, seeds } }), /figures\/total: expected a number/);
});

test('seeds in words', () => {
  assert.equal([seedsText([4]), seedsText([1, 2, 3])], ['seed 4', 'seeds 1, 2, 3']);
});

test('models are read, and stand by their names', () => {
  const models = [model('live', 2), model('candidate', 1), model('paper', 1, 'eth')];
  assert.equal(
    byName(models).map(({ name, models: of }) => [name, of.map(modelTitle)]),
    [
      ['btc-trend', ['btc-trend:v2', 'btc-trend:v1']],
      ['eth', ['eth:v1']],
    ],
  );
  assert.equal([models[0]?.tested?.sharpe, models[0]?.baselines[0]?.name], [1, 'flat']);
  assert.equal([models[0]?.createdMs, models[0]?.runId], [7_000, RUN.id]);
});

test('the model that a session trades', () => {
  assert.is(modelOfStrategy('model:0a1b2c3d4e5f6071'), '0a1b2c3d4e5f6071');
  assert.is(modelOfStrategy('market-maker'), null);
});

test('what can be asked for of a model goes by its stage', () => {
  const asked = (stage: Stage) => stageOrders(model(stage)).map(({ kind, body }) => `${kind} ${Object.values(body)}`);
  assert.equal(asked('candidate'), ['promote paper', 'demote archived']);
  assert.equal(asked('paper'), ['promote live', 'rollback paper', 'demote candidate', 'demote archived']);
  assert.equal(asked('live'), ['rollback live', 'demote candidate', 'demote archived']);
  assert.equal(asked('archived'), ['promote paper']);
  const [, rollback, demotion] = stageOrders(model('paper'));
  assert.equal(
    [rollback?.path, demotion?.path],
    ['/models/btc-trend/rollback', '/models/0a1b2c3d4e5f6073/demote'],
    'a rollback is of the name',
  );
});

test.run();
