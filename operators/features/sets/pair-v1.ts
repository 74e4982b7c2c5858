import { COINTEGRATION_RESIDUAL } from '../cointegration-residual.ts';
import { LEAD_LAG_CORRELATION } from '../lead-lag-correlation.ts';
import { PAIR_BETA } from '../pair-beta.ts';
import { PAIR_SPREAD } from '../pair-spread.ts';
import { RELATIVE_STRENGTH } from '../relative-strength.ts';
import { resolveFeatureSet } from '../resolve-feature-set.ts';

/** An instrument beside another one, once a second. */
export const PAIR_V1 = resolveFeatureSet({
  name: 'pair',
  version: 1,
  says: 'an instrument beside another one: which leads, and how far apart they are',
  clock: { kind: 'time', intervalMs: 1_000 },
  sampling: 'bars',
  features: [
    { feature: LEAD_LAG_CORRELATION, column: 'lead_lag' },
    { feature: RELATIVE_STRENGTH },
    { feature: PAIR_BETA, column: 'pair' },
    { feature: PAIR_SPREAD, column: 'spread' },
    { feature: COINTEGRATION_RESIDUAL, column: 'cointegration' },
  ],
});
