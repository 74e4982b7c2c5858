import { accumulationDistribution } from '../../indicators/accumulation-distribution.ts';
import { obv } from '../../indicators/obv.ts';
import { technicalOfBar } from './technical.ts';

export const OBV = technicalOfBar({
  name: 'obv',
  title: 'On-balance volume',
  group: 'volume',
  parameters: {},
  outputs: {
    '': { unit: 'qty', range: [null, null], says: 'only its changes say something: rises with volume of rising bars' },
  },
  warmUp: () => 1,
  formula: 'Σ V·sgn(C − C₋₁) since the first bar',
  source: 'Granville (1963), New Key to Stock Market Profits',
  create: obv,
});

export const ACCUMULATION_DISTRIBUTION = technicalOfBar({
  name: 'accumulation_distribution',
  title: 'Accumulation/distribution line',
  group: 'volume',
  parameters: {},
  outputs: {
    '': {
      unit: 'qty',
      range: [null, null],
      says: 'only its changes say something: rises where bars close near their high',
    },
  },
  warmUp: () => 1,
  formula: 'Σ V·((C − L) − (H − C))/(H − L) since the first bar; a bar of one price adds nothing',
  source: 'Chaikin, in Achelis (2000), Technical Analysis from A to Z',
  create: accumulationDistribution,
});
