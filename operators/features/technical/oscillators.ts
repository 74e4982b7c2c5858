import { awesomeOscillator } from '../../indicators/awesome-oscillator.ts';
import { balanceOfPower } from '../../indicators/balance-of-power.ts';
import { cci } from '../../indicators/cci.ts';
import { cmo } from '../../indicators/cmo.ts';
import { massIndex } from '../../indicators/mass-index.ts';
import { stochasticRsi } from '../../indicators/stochastic-rsi.ts';
import { trix } from '../../indicators/trix.ts';
import { ultimateOscillator } from '../../indicators/ultimate-oscillator.ts';
import { period, technicalOfBar, technicalOfClose } from './technical.ts';

/** Oscillators: between two bounds, or around a middle. Entries of the catalogue; formulas, units and sources are in each. */
export const CCI = technicalOfBar({
  name: 'cci',
  title: 'Commodity channel index',
  group: 'momentum',
  parameters: { period: period(20) },
  outputs: {
    '': {
      unit: 'ratio',
      range: [null, null],
      says: 'mostly between −100 and 100; positive above the mean; 0 where nothing moves',
      guides: [-100, 100],
    },
  },
  warmUp: (p) => p.period,
  formula: '(t − m)/(0.015·d), t = (H + L + C)/3, m its mean, d its mean distance from m',
  source: 'Lambert (1980), Commodities, October',
  create: cci,
});

export const CMO = technicalOfClose({
  name: 'cmo',
  title: 'Chande momentum oscillator',
  group: 'momentum',
  parameters: { period: period(14) },
  outputs: {
    '': { unit: 'percent', range: [-100, 100], says: '100: only rises; 0 where nothing moves', guides: [-50, 50] },
  },
  warmUp: (p) => p.period + 1,
  formula: '100·Σ ΔC / Σ |ΔC| over n changes',
  source: 'Chande & Kroll (1994), The New Technical Trader',
  create: cmo,
});

export const TRIX = technicalOfClose({
  name: 'trix',
  title: 'Triple exponential oscillator',
  group: 'momentum',
  parameters: { period: period(15) },
  outputs: {
    '': {
      unit: 'percent',
      range: [null, null],
      says: 'change of the triply smoothed close; positive while it rises',
      guides: [0],
    },
  },
  warmUp: (p) => 3 * p.period - 1,
  formula: '100·(e₃ − e₃′)/e₃, e₃ = EMA(EMA(EMA(C)))',
  source: 'after Hutson (1983), Technical Analysis of Stocks & Commodities 1(5), there of ln C',
  create: trix,
});

export const STOCHASTIC_RSI = technicalOfClose({
  name: 'stochastic_rsi',
  title: 'Stochastic RSI',
  group: 'momentum',
  parameters: {
    period: period(14, 'of the RSI'),
    window: period(14, 'values of the RSI that it is compared with'),
    slowing: period(3, 'values that k is the mean of'),
    signal: period(3, 'values of k that d is the mean of'),
  },
  outputs: {
    k: {
      unit: 'percent',
      range: [0, 100],
      says: '0: the RSI is the lowest of the window, 100: the highest',
      guides: [20, 80],
    },
    d: { unit: 'percent', range: [0, 100], says: 'mean of k' },
  },
  warmUp: (p) => p.period + p.window + p.slowing + p.signal - 2,
  formula: '100·(R − min R)/(max R − min R), smoothed; 0 where they are one',
  source: 'Chande & Kroll (1994), The New Technical Trader',
  create: stochasticRsi,
});

export const ULTIMATE_OSCILLATOR = technicalOfBar({
  name: 'ultimate_oscillator',
  title: 'Ultimate oscillator',
  group: 'momentum',
  parameters: {
    short: period(7, 'first window'),
    medium: period(14, 'second window'),
    long: period(28, 'third window'),
  },
  outputs: {
    '': { unit: 'percent', range: [0, 100], says: 'buying pressure over three windows', guides: [30, 70] },
  },
  warmUp: (p) => p.long + 1,
  formula: '100·(4a + 2b + c)/7, each Σ(C − min(L, C₋₁)) / ΣTR',
  source: 'Williams (1985), Technical Analysis of Stocks & Commodities 3(4)',
  create: ultimateOscillator,
});

export const AWESOME_OSCILLATOR = technicalOfBar({
  name: 'awesome_oscillator',
  title: 'Awesome oscillator',
  group: 'momentum',
  parameters: { fast: period(5, 'fast window'), slow: period(34, 'slow window') },
  outputs: {
    '': { unit: 'price', range: [null, null], says: 'positive while prices rise', drawn: 'histogram' },
  },
  warmUp: (p) => p.slow,
  formula: 'SMA(fast) − SMA(slow) of (H + L)/2',
  source: 'Williams (1998), New Trading Dimensions',
  create: awesomeOscillator,
});

export const BALANCE_OF_POWER = technicalOfBar({
  name: 'balance_of_power',
  title: 'Balance of power',
  group: 'momentum',
  parameters: {},
  outputs: {
    '': { unit: 'ratio', range: [-1, 1], says: '1: the bar opened at its low and closed at its high' },
  },
  warmUp: () => 1,
  formula: '(C − O)/(H − L); 0 where H = L',
  source: 'Livshin (2001), Technical Analysis of Stocks & Commodities 19(8)',
  create: balanceOfPower,
});

export const MASS_INDEX = technicalOfBar({
  name: 'mass_index',
  title: 'Mass index',
  group: 'volatility',
  parameters: { period: period(25) },
  outputs: {
    '': { unit: 'ratio', range: [0, null], says: 'about n; a bulge tells of a reversal', guides: [26.5, 27] },
  },
  warmUp: (p) => p.period + 16,
  formula: 'Σ EMA₉(H − L)/EMA₉(EMA₉(H − L)) over n bars',
  source: 'Dorsey (1992), Technical Analysis of Stocks & Commodities 10(6)',
  create: massIndex,
});
