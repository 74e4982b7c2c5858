import { random } from '../../operators/random.ts';
import { openPolicy } from '../../services/trainer/algorithms/policy.ts';
import { initialiseMlp, mlpParameterCount } from '../../services/trainer/networks/mlp.ts';
import { type Bench, timeInTurn } from './bench.ts';
import { learningPeer } from './rl-peer.ts';

const SIZES = [32, 64, 64, 4];
const DECISIONS = 5_000;

export default {
  name: 'inference',
  summary: `µs a decision, batch 1: normalised observation → ${SIZES.join('-')} → action`,
  target: { of: 'ratio', at: 'least', bound: 0.5 },
  async run(context) {
    const chance = random(1);
    const network = {
      sizes: SIZES,
      activation: 'tanh',
      parameters: new Float32Array(mlpParameterCount(SIZES)),
    } as const;
    initialiseMlp(network, 1, chance);
    const moments = { count: 1, mean: new Float64Array(32), variance: new Float64Array(32).fill(2) };
    const decide = openPolicy({ network, actionSpace: { type: 'discrete', count: 4 }, moments, head: 'greatest' });
    const observations = Float32Array.from({ length: 32 * 100 }, chance.normal);
    const taken = new Set<number | Float32Array>();
    const [ms = 0] = timeInTurn([
      () => {
        for (let n = 0; n < DECISIONS; n++) {
          const at = (n % 100) * 32;
          taken.add(decide(observations.subarray(at, at + 32)));
        }
      },
    ]);
    if (taken.size < 2) throw new Error('inference: expected several actions, found one');
    const value = (ms * 1_000) / DECISIONS;
    const torch = (await learningPeer(context)).find(({ name }) => name === 'torch batch-1 inference us');
    return {
      name: 'inference',
      value,
      unit: 'µs',
      reference: torch === undefined ? null : 'torch, the network alone',
      referenceValue: torch?.value ?? null,
      ratio: torch === undefined ? null : torch.value / value,
    };
  },
} satisfies Bench;
