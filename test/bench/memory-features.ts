import { AVAILABLE_SETS } from '../../pipelines/feature-sets.ts';
import type { Bench } from './bench.ts';
import { describe, measureMemory } from './memory.ts';

const SETS = AVAILABLE_SETS.filter(({ isOfPair }) => !isOfPair);
/** What a garbage collector leaves to chance. */
const FLAT_MB = 15;

export default {
  name: 'memory-features',
  summary: 'growth of the process that grew most from minute 5 to 10, every feature set on one instrument at 10× pace',
  target: { of: 'value', at: 'most', bound: FLAT_MB },
  async run({ say }) {
    const env = {
      DON_INSTRUMENTS: 'simulated:BTCUSDT',
      DON_FEATURE_SETS: SETS.map(({ id }) => id).join(','),
    };
    const { megabytes, growth } = await measureMemory(env, say);
    const note = `${SETS.length} sets; ${describe(megabytes)}`;
    return {
      name: 'memory-features',
      value: growth,
      unit: 'MB',
      reference: null,
      referenceValue: null,
      ratio: null,
      note,
    };
  },
} satisfies Bench;
