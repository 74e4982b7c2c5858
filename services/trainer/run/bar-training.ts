import { BadInput } from '../../../infra/setup-error.ts';
import { indexFrom } from '../../../pipelines/environment/bar-span.ts';
import { openPolicy } from '../algorithms/policy.ts';
import { modelOfRun } from '../model/model-of-run.ts';
import { type BarData, environmentOf, type Span } from './bar-data.ts';
import { validated } from './judge.ts';
import { compareOnBars, type JudgedBarSeed, judgeBarSeed, judgedBaselines } from './judge-bars.ts';
import { passOver } from './pass.ts';
import { trainVerdict } from './run-text.ts';
import type { Training } from './training.ts';
import { beginWarm } from './warm-start.ts';

/**
 * To learn from candles.
 * @throws BadInput where too few candles are left to learn of or to look at
 */
export function barTraining(data: BarData): Training<JudgedBarSeed> {
  const { config, train, test, ownReward, warmStrategy } = data;
  const { learned, validation } = splitOf(data);
  return {
    config,
    train,
    test,
    validation,
    rewardHash: ownReward?.hash ?? null,
    strategyHash: warmStrategy?.hash ?? null,
    environments(seed) {
      const episode = { begin: 'random', maxSteps: config.episodeSteps, ...learned } as const;
      return Array.from({ length: config.environments }, (_, n) => environmentOf(data, episode, seed * 1_000 + n));
    },
    beginWarm: (backend, seed) => beginWarm(data, learned, backend, seed),
    validate: (policy) => validated(passOver(data, validation!, openPolicy(policy)), validation!),
    judgeSeed: (seed, policy) => judgeBarSeed(data, seed, policy),
    judgeRun(seeds, tried) {
      const baselines = judgedBaselines(data, seeds.reduce((sum, { changes }) => sum + changes, 0) / seeds.length);
      return { baselines, verdict: trainVerdict({ runs: seeds, comparisons: compareOnBars(seeds, baselines), tried }) };
    },
    modelOf(seed, { backend, baselines, recording, codeVersion }) {
      const model = modelOfRun(data, seed, { backend, baselines }, { recording });
      return { ...model, lineage: { ...model.lineage, codeVersion } };
    },
    withAlgorithm: ({ name, settings }) => barTraining({ ...data, config: { ...config, [name]: settings } }),
    plain() {
      const { scale, ownReward: _, warmStrategy: __, ...plain } = data;
      return { on: 'bars', tickSize: scale.price.size, stepSize: scale.qty.size, data: plain };
    },
  };
}

/** The training span, less its end where the config says that training stops early. The test span is not looked at. */
function splitOf({ config: { earlyStopping }, bars, train }: BarData): {
  readonly learned: Span;
  readonly validation: Span | null;
} {
  if (earlyStopping === null) return { learned: train, validation: null };
  const { openTimesMs } = bars;
  const [from, to] = [indexFrom(openTimesMs, train.fromMs), indexFrom(openTimesMs, train.toMs)];
  const count = Math.floor((to - from) * earlyStopping.share);
  const validationAt = to - count;
  const learnedTo = validationAt - earlyStopping.embargo;
  if (count < 2 || learnedTo - from < 2)
    throw new BadInput(
      `earlyStopping: expected a training span with candles to learn of, ${earlyStopping.embargo} of embargo and ${earlyStopping.share} of it to look at, found ${to - from} candles`,
    );
  return {
    learned: { fromMs: train.fromMs, toMs: openTimesMs[learnedTo]! },
    validation: { fromMs: openTimesMs[validationAt]!, toMs: train.toMs },
  };
}
