import { ANNUALISED_FUNDING_RATE } from '../annualised-funding-rate.ts';
import { BASIS } from '../basis.ts';
import { FUNDING_RATE } from '../funding-rate.ts';
import { LIQUIDATION_CLUSTERS } from '../liquidation-clusters.ts';
import { LIQUIDATIONS } from '../liquidations.ts';
import { MARK_INDEX_SPREAD } from '../mark-index-spread.ts';
import { OPEN_INTEREST } from '../open-interest.ts';
import { OPEN_INTEREST_CHANGE } from '../open-interest-change.ts';
import { resolveFeatureSet } from '../resolve-feature-set.ts';
import { SETTLED_FUNDING_RATE } from '../settled-funding-rate.ts';
import { TIME_TO_FUNDING } from '../time-to-funding.ts';

/** Funding, basis, open interest and liquidations: all features of the group. */
export const DERIVATIVES_V1 = resolveFeatureSet({
  name: 'derivatives',
  version: 1,
  says: 'funding, basis, open interest and liquidations, once a minute',
  clock: { kind: 'time', intervalMs: 60_000 },
  sampling: 'bars',
  features: [
    ANNUALISED_FUNDING_RATE,
    BASIS,
    FUNDING_RATE,
    LIQUIDATIONS,
    LIQUIDATION_CLUSTERS,
    MARK_INDEX_SPREAD,
    OPEN_INTEREST,
    OPEN_INTEREST_CHANGE,
    SETTLED_FUNDING_RATE,
    TIME_TO_FUNDING,
  ].map((feature) => ({ feature })),
});
