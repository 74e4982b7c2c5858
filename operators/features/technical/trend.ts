import { aroon } from '../../indicators/aroon.ts';
import { choppiness } from '../../indicators/choppiness.ts';
import { heikinAshi } from '../../indicators/heikin-ashi.ts';
import { ichimoku } from '../../indicators/ichimoku.ts';
import { parabolicSar } from '../../indicators/parabolic-sar.ts';
import { supertrend } from '../../indicators/supertrend.ts';
import { vortex } from '../../indicators/vortex.ts';
import { realNumber } from '../definition.ts';
import { period, technicalOfBar } from './technical.ts';

/** Trend: in which direction, and how clearly, the price goes. Entries of the catalogue; formulas, units and sources are in each. */
export const AROON = technicalOfBar({
  name: 'aroon',
  title: 'Aroon',
  group: 'trend',
  parameters: { period: period(25) },
  outputs: {
    up: { unit: 'percent', range: [0, 100], says: '100: the highest high is this bar’s' },
    down: { unit: 'percent', range: [0, 100], says: '100: the lowest low is this bar’s' },
    oscillator: { unit: 'percent', range: [-100, 100], says: 'up less down', guides: [0] },
  },
  warmUp: (p) => p.period + 1,
  formula: '100·(n − bars since the extreme)/n',
  source: 'Chande (1995), Technical Analysis of Stocks & Commodities 13(9)',
  create: aroon,
});

export const PARABOLIC_SAR = technicalOfBar({
  name: 'parabolic_sar',
  title: 'Parabolic SAR',
  group: 'trend',
  parameters: {
    step: realNumber('', {
      default: 0.02,
      least: 0.0001,
      most: 1,
      says: 'by which the acceleration rises with each new extreme',
    }),
    maximum: realNumber('', { default: 0.2, least: 0.0001, most: 1, says: 'that the acceleration rises to' }),
  },
  outputs: {
    sar: { unit: 'price', range: [null, null], says: 'stop and reverse; below the price in a rise', drawn: 'points' },
    direction: { unit: 'ratio', range: [-1, 1], says: '1: it follows a rise, −1: a fall' },
  },
  warmUp: () => 2,
  formula: 's ← s + a·(extreme − s), held off the two bars before',
  source: 'Wilder (1978), New Concepts in Technical Trading Systems, section II',
  create: parabolicSar,
});

export const SUPERTREND = technicalOfBar({
  name: 'supertrend',
  title: 'Supertrend',
  group: 'trend',
  parameters: {
    period: period(10, 'of the true range'),
    multiplier: realNumber('', {
      default: 3,
      least: 0.01,
      most: 100,
      says: 'true ranges between the middle and the line',
    }),
  },
  outputs: {
    line: { unit: 'price', range: [null, null], says: 'below the price in a rise, above it in a fall' },
    direction: { unit: 'ratio', range: [-1, 1], says: '1: a rise, −1: a fall' },
  },
  warmUp: (p) => p.period,
  formula: '(H + L)/2 ∓ m·ATR, which only moves towards the price until that closes beyond it',
  source: 'Seban, as in TradingView, Pine Script reference, ta.supertrend',
  create: supertrend,
});

export const ICHIMOKU = technicalOfBar({
  name: 'ichimoku',
  title: 'Ichimoku kinko hyo',
  group: 'trend',
  parameters: {
    conversion: period(9, 'of the conversion line'),
    base: period(26, 'of the base line'),
    spanB: period(52, 'of span B'),
  },
  outputs: {
    conversion: { unit: 'price', range: [null, null], says: 'tenkan-sen' },
    base: { unit: 'price', range: [null, null], says: 'kijun-sen' },
    spanA: {
      unit: 'price',
      range: [null, null],
      says: 'as known now; charts draw it `base` bars later',
      filledTo: 'spanB',
      drawnLaterBy: 'base',
    },
    spanB: {
      unit: 'price',
      range: [null, null],
      says: 'as known now; charts draw it `base` bars later',
      drawnLaterBy: 'base',
    },
  },
  warmUp: (p) => Math.max(p.conversion, p.base, p.spanB),
  formula: '(max H + min L)/2 over each window; A the mean of the first two',
  source: 'Hosoda (1969), Ichimoku Kinko Hyo',
  create: ichimoku,
});

export const VORTEX = technicalOfBar({
  name: 'vortex',
  title: 'Vortex indicator',
  group: 'trend',
  parameters: { period: period(14) },
  outputs: {
    plus: { unit: 'ratio', range: [0, null], says: 'movement upwards', guides: [1] },
    minus: { unit: 'ratio', range: [0, null], says: 'movement downwards' },
  },
  warmUp: (p) => p.period + 1,
  formula: 'Σ|H − L₋₁| / ΣTR and Σ|L − H₋₁| / ΣTR over n bars',
  source: 'Botes & Siepman (2010), Technical Analysis of Stocks & Commodities 28(1)',
  create: vortex,
});

export const CHOPPINESS = technicalOfBar({
  name: 'choppiness',
  title: 'Choppiness index',
  group: 'trend',
  parameters: { period: period(14, 'window', 2) },
  outputs: {
    '': {
      unit: 'percent',
      range: [0, null],
      says: 'near 100: to and fro, near 0: one way',
      guides: [38.2, 61.8],
    },
  },
  warmUp: (p) => p.period + 1,
  formula: '100·log(ΣTR/(max H − min L))/log n',
  source: 'after Dreiss, in Burke (1993), Measuring Market Choppiness with Chaos, Futures, October',
  create: choppiness,
});

export const HEIKIN_ASHI = technicalOfBar({
  name: 'heikin_ashi',
  title: 'Heikin-Ashi bars',
  group: 'trend',
  parameters: {},
  outputs: {
    open: { unit: 'price', range: [null, null], says: 'middle of the smoothed bar before' },
    high: { unit: 'price', range: [null, null], says: 'highest of high, open and close' },
    low: { unit: 'price', range: [null, null], says: 'lowest of low, open and close' },
    close: { unit: 'price', range: [null, null], says: 'mean of the four prices' },
  },
  warmUp: () => 1,
  formula: 'C = (O + H + L + C)/4, O = (O₋₁ + C₋₁)/2 of the smoothed bar before',
  source: 'Valcu (2004), Technical Analysis of Stocks & Commodities 22(2)',
  create: heikinAshi,
});
