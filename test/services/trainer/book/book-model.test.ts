import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { QUEUE_MODELS } from '../../../../operators/matching/queue-model.ts';
import { DEFAULT_RISK_LIMITS } from '../../../../operators/risk/risk-limits.ts';
import { latencyOf } from '../../../../services/backtest/latency-of.ts';
import { createMarketRun } from '../../../../services/backtest/market-run.ts';
import { openPolicy } from '../../../../services/trainer/algorithms/policy.ts';
import { passOverBook } from '../../../../services/trainer/book/book-pass.ts';
import { bookTraining } from '../../../../services/trainer/book/book-training.ts';
import { modelStrategy } from '../../../../services/trainer/model/model-strategy.ts';
import { checkActs } from '../../../../services/trainer/registry/stored-model.ts';
import { trainSeed } from '../../../../services/trainer/run/train-seed.ts';
import { notBefore } from '../../../pipelines/environment/agent-as-episode.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { dataOf, QUOTING, TAPES } from './made-book-run.ts';

const test = suite('services/trainer/book/book-model');

const SOURCE = {
  backend: 'wasm',
  codeVersion: 'test',
  recording: '0123456789ab',
  fromEntryId: '1-0',
  toEntryId: '4000-0',
  baselines: [],
} as const;

for (const more of [
  { every: { ms: 200 }, features: [{ feature: 'signed_volume', parameters: { windowMs: 1_000 } }], ...QUOTING },
  { every: { events: 6 }, distance: 'bps', actions: { type: 'continuous' }, size: { equityShare: 0.5 } },
] as const)
  test(`a backtest of what a seed has become is the pass that it was judged by: ${JSON.stringify(more.every)}`, async () => {
    const data = dataOf({ seeds: [1], ...more });
    const training = bookTraining(data);
    const { policy, steps } = await trainSeed(training, await testBackend(), 1);
    const { tested } = training.judgeSeed(1, policy);
    const model = training.modelOf({ seed: 1, policy, steps, tested }, SOURCE);
    checkActs('m', model);
    const { queue, latency, balance, leverage, feeTier } = data.config;
    const { tape, warmUpMs } = data.test.whole;
    const decided: { readonly timeMs: number; readonly equity: number }[] = [];
    const run = createMarketRun({
      instrument: model.instrument,
      scale: data.scale,
      strategy: notBefore(tape.starts[0]!.timeUs + warmUpMs * 1_000, modelStrategy('m', model)),
      parameters: {},
      queue: QUEUE_MODELS[queue]!,
      latency: latencyOf(latency)!,
      seed: 1,
      balance,
      leverage,
      feeTier,
      limits: DEFAULT_RISK_LIMITS,
      sampleMs: Number.POSITIVE_INFINITY,
      skewUs: tape.skewUs,
      listener: { onDecision: ({ equity }, timeUs) => decided.push({ timeMs: timeUs / 1_000, equity }) },
    });
    for (const part of TAPES) run.simulation.push(part);
    run.simulation.end();

    const pass = passOverBook(data, data.test, openPolicy(policy));
    const count = pass.actions.length;
    const of = decided.slice(0, count);
    assert.equal(
      of.map(({ timeMs }) => timeMs),
      pass.timesMs.slice(0, count),
    );
    assert.equal(
      of.map(({ equity }) => equity),
      pass.equity.slice(0, count),
    );
    assert.ok(count > 100 && pass.filled > 5, `${count} decisions, ${pass.filled} fills`);
    assert.is(pass.equity.at(-1)! / pass.equity[0]! - 1, model.tested.model.total);
    assert.is(model.usual === null, false);
    assert.is(model.usual!.length, model.features.length);
  });

test.run();
