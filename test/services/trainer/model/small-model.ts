import { random } from '../../../../operators/random.ts';
import { noNormalisation } from '../../../../pipelines/environment/normalisation.ts';
import type { WantedFeature } from '../../../../pipelines/simulation/strategy-features.ts';
import { strategyFeatureSet } from '../../../../pipelines/simulation/strategy-features.ts';
import { type BarModel, featureHash } from '../../../../services/trainer/model/model.ts';
import { initialiseMlp, mlpParameterCount } from '../../../../services/trainer/networks/mlp.ts';

const FEATURES: readonly WantedFeature[] = [
  { feature: 'rate_of_change', column: 'roc', parameters: { period: 1 } },
  { feature: 'z_score', column: 'z', parameters: { period: 5 } },
];

/** A model that has learned nothing, of bars of a second: it changes its mind often. */
export function smallModel(changes: Partial<BarModel> = {}): BarModel {
  // Features, whether they are valid, and the account.
  const sizes = [8, 16, 3];
  const network = { sizes, activation: 'tanh', parameters: new Float32Array(mlpParameterCount(sizes)) } as const;
  initialiseMlp(network, 1, random(5));
  const set = strategyFeatureSet({ name: 'small', features: FEATURES, barMs: () => 1_000 }, {})!;
  const span = () => ({ fromMs: 0, toMs: 1 });
  return {
    format: 1,
    instrument: 'simulated:BTCUSDT',
    interval: '1s',
    actions: { type: 'flat-long-short' },
    size: { equityShare: 0.5 },
    features: FEATURES,
    featureHash: featureHash(set.definition),
    normalisation: { ...noNormalisation({ columns: ['roc', 'z'] }), scales: [0.000002, 0.3], ...span() },
    policy: { network, actionSpace: { type: 'discrete', count: 3 }, moments: null, head: 'greatest' },
    lineage: {
      config: {},
      seed: 1,
      steps: 0,
      backend: 'none',
      codeVersion: 'test',
      recording: 'live',
      fromEntryId: '0-1',
      toEntryId: '0-2',
      train: span(),
      test: span(),
      parent: null,
    },
    usual: null,
    tested: {
      returns: Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? -0.01 : 0.008)),
      model: {
        name: 'seed 1',
        total: 0.1,
        sharpe: 1,
        maxDrawdown: 0.05,
        sharpeInterval: { low: 0.5, high: 1.5, level: 0.95 },
        aboveHolding: null,
        periodMs: 86_400_000,
        fees: 1,
        funding: 0,
        filled: 10,
        liquidations: 0,
      },
      baselines: [],
    },
    ...changes,
  };
}
