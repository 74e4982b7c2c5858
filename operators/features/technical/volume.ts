import { accumulationDistribution } from '../../indicators/accumulation-distribution.ts';
import { anchoredVwap } from '../../indicators/anchored-vwap.ts';
import { chaikinMoneyFlow } from '../../indicators/chaikin-money-flow.ts';
import { chaikinOscillator } from '../../indicators/chaikin-oscillator.ts';
import { easeOfMovement } from '../../indicators/ease-of-movement.ts';
import { forceIndex } from '../../indicators/force-index.ts';
import { moneyFlowIndex } from '../../indicators/money-flow-index.ts';
import { obv } from '../../indicators/obv.ts';
import { rollingVwap } from '../../indicators/rolling-vwap.ts';
import { sessionVwap } from '../../indicators/session-vwap.ts';
import { wholeNumber } from '../definition.ts';
import { period, technicalOfBar } from './technical.ts';

/** Volume: where it went, and at which mean price. Entries of the catalogue; formulas, units and sources are in each. */
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
  source: 'Granville (1963), Granville’s New Key to Stock Market Profits',
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

export const MONEY_FLOW_INDEX = technicalOfBar({
  name: 'money_flow_index',
  title: 'Money flow index',
  group: 'volume',
  parameters: { period: period(14) },
  outputs: {
    '': {
      unit: 'percent',
      range: [0, 100],
      says: '100: money came with rises only; 50 without volume',
      guides: [20, 80],
    },
  },
  warmUp: (p) => p.period + 1,
  formula: '100·I/(I + O), I and O the sums of t·V of rising and of falling t = (H + L + C)/3',
  source: 'Quong & Soudack (1989), Technical Analysis of Stocks & Commodities 7(3)',
  create: moneyFlowIndex,
});

export const CHAIKIN_OSCILLATOR = technicalOfBar({
  name: 'chaikin_oscillator',
  title: 'Chaikin oscillator',
  group: 'volume',
  parameters: { fast: period(3, 'fast window'), slow: period(10, 'slow window') },
  outputs: {
    '': { unit: 'qty', range: [null, null], says: 'positive while accumulation rises', guides: [0] },
  },
  warmUp: (p) => p.slow,
  formula: 'EMA(fast) − EMA(slow) of the accumulation/distribution line',
  source: 'Chaikin, in Achelis (2000), Technical Analysis from A to Z',
  create: chaikinOscillator,
});

export const CHAIKIN_MONEY_FLOW = technicalOfBar({
  name: 'chaikin_money_flow',
  title: 'Chaikin money flow',
  group: 'volume',
  parameters: { period: period(20) },
  outputs: {
    '': { unit: 'ratio', range: [-1, 1], says: '1: all volume at the highs; 0 without volume', guides: [0] },
  },
  warmUp: (p) => p.period,
  formula: 'Σ V·((C − L) − (H − C))/(H − L) / ΣV over n bars',
  source: 'Chaikin, in StockCharts, ChartSchool, Chaikin Money Flow',
  create: chaikinMoneyFlow,
});

export const FORCE_INDEX = technicalOfBar({
  name: 'force_index',
  title: 'Force index',
  group: 'volume',
  parameters: { period: period(13) },
  outputs: {
    '': { unit: 'notional', range: [null, null], says: 'positive: rises with volume', guides: [0] },
  },
  warmUp: (p) => p.period + 1,
  formula: 'EMA of (C − C₋₁)·V',
  source: 'Elder (1993), Trading for a Living',
  create: forceIndex,
});

export const EASE_OF_MOVEMENT = technicalOfBar({
  name: 'ease_of_movement',
  title: 'Ease of movement',
  group: 'volume',
  parameters: {},
  outputs: {
    '': {
      unit: 'priceSquaredPerQty',
      range: [null, null],
      says: 'times 10,000; positive: rises that needed little volume',
    },
  },
  warmUp: () => 2,
  formula: '10⁴·Δ((H + L)/2)·(H − L)/V; silent without volume',
  source: 'Arms (1996), Trading Without Fear',
  create: easeOfMovement,
});

export const SESSION_VWAP = technicalOfBar({
  name: 'session_vwap',
  title: 'VWAP of the session',
  group: 'volume',
  parameters: {
    sessionMs: wholeNumber('ms', {
      default: 86_400_000,
      least: 1_000,
      most: 31_536_000_000,
      says: 'length of a session; a day of UTC',
    }),
  },
  outputs: {
    '': { unit: 'price', range: [null, null], says: 'mean price of what was traded since the session began' },
  },
  warmUp: () => 1,
  also: 'the beginning of a session',
  formula: 'Σ t·V / ΣV since the session began, t = (H + L + C)/3',
  source: 'Berkowitz, Logue & Noser (1988), J. Finance 43(1)',
  create: sessionVwap,
});

export const ROLLING_VWAP = technicalOfBar({
  name: 'rolling_vwap',
  title: 'Rolling VWAP',
  group: 'volume',
  parameters: { period: period(60) },
  outputs: {
    '': { unit: 'price', range: [null, null], says: 'mean price of what was traded in the window' },
  },
  warmUp: (p) => p.period,
  formula: 'Σ t·V / ΣV over n bars, t = (H + L + C)/3',
  source: 'Berkowitz, Logue & Noser (1988), J. Finance 43(1)',
  create: rollingVwap,
});

export const ANCHORED_VWAP = technicalOfBar({
  name: 'anchored_vwap',
  title: 'Anchored VWAP',
  group: 'volume',
  parameters: {
    anchorMs: wholeNumber('ms since the epoch', {
      default: 0,
      least: 0,
      most: 253_402_300_799_000,
      says: 'since when; where it is not chosen (0), since the recording began',
    }),
  },
  outputs: {
    '': { unit: 'price', range: [null, null], says: 'mean price of what was traded since the anchor' },
  },
  warmUp: () => 1,
  also: 'the anchor',
  formula: 'Σ t·V / ΣV since the anchor, t = (H + L + C)/3',
  source: 'Shannon (2023), Maximum Trading Gains with Anchored VWAP',
  create: anchoredVwap,
});
