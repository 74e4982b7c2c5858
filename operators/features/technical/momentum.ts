import { adx } from '../../indicators/adx.ts';
import { macd } from '../../indicators/macd.ts';
import { momentum, rateOfChange } from '../../indicators/momentum.ts';
import { rsi } from '../../indicators/rsi.ts';
import { stochastic } from '../../indicators/stochastic.ts';
import { williamsR } from '../../indicators/williams-r.ts';
import { period, technicalOfBar, technicalOfClose } from './technical.ts';

/** Momentum: how fast, and how far into its range, the price has moved. Entries of the catalogue; formulas, units and sources are in each. */
export const MACD = technicalOfClose({
  name: 'macd',
  title: 'Moving average convergence/divergence',
  group: 'momentum',
  parameters: {
    fast: period(12, 'window of the fast average'),
    slow: period(26, 'window of the slow average'),
    signal: period(9, 'window of the signal'),
  },
  outputs: {
    line: { unit: 'price', range: [null, null], says: 'fast less slow average; positive while the price rises' },
    signal: { unit: 'price', range: [null, null], says: 'average of the line' },
    histogram: { unit: 'price', range: [null, null], says: 'line less signal', drawn: 'histogram' },
  },
  warmUp: (p) => p.slow,
  formula: 'EMA(fast) − EMA(slow); α = 0.15 and 0.075 for 12 and 26, else 2/(n + 1)',
  source: 'Appel (1985), The Moving Average Convergence-Divergence Trading Method',
  create: macd,
});

export const RSI = technicalOfClose({
  name: 'rsi',
  title: 'Relative strength index',
  group: 'momentum',
  parameters: { period: period(14) },
  outputs: {
    '': {
      unit: 'percent',
      range: [0, 100],
      says: '0: only falls, 100: only rises; 50 while nothing changed',
      guides: [30, 70],
    },
  },
  warmUp: (p) => p.period + 1,
  formula: '100·R/(R + F), R and F Wilder’s averages of rises and falls',
  source: 'Wilder (1978), New Concepts in Technical Trading Systems, section VI',
  create: rsi,
});

export const STOCHASTIC = technicalOfBar({
  name: 'stochastic',
  title: 'Stochastic oscillator',
  group: 'momentum',
  parameters: {
    period: period(14),
    slowing: period(3, 'bars that k is the mean of; 1: the fast one'),
    signal: period(3, 'values of k that d is the mean of'),
  },
  outputs: {
    k: {
      unit: 'percent',
      range: [0, 100],
      says: '0: the close is the lowest price of the window, 100: the highest',
      guides: [20, 80],
    },
    d: { unit: 'percent', range: [0, 100], says: 'mean of k' },
  },
  warmUp: (p) => p.period + p.slowing + p.signal - 2,
  formula: '100·(C − L)/(H − L) over n bars, smoothed; 0 where H = L',
  source: 'Lane (1984), Stocks & Commodities 2(3)',
  create: stochastic,
});

export const ADX = technicalOfBar({
  name: 'adx',
  title: 'Average directional index',
  group: 'trend',
  parameters: { period: period(14, 'window', 2) },
  outputs: {
    adx: {
      unit: 'percent',
      range: [0, 100],
      says: 'strength of the trend, whichever its direction',
      guides: [25],
    },
    plusDi: { unit: 'percent', range: [0, 100], says: 'share of the true range gained upwards' },
    minusDi: { unit: 'percent', range: [0, 100], says: 'share of the true range gained downwards' },
  },
  warmUp: (p) => 2 * p.period - 1,
  formula: 'Wilder’s average of 100·|+DI − −DI|/(+DI + −DI)',
  source: 'Wilder (1978), New Concepts in Technical Trading Systems, section IV',
  create: adx,
});

export const MOMENTUM = technicalOfClose({
  name: 'momentum',
  title: 'Momentum',
  group: 'momentum',
  parameters: { period: period(10) },
  outputs: {
    '': { unit: 'price', range: [null, null], says: 'positive: the close is higher than n bars ago', guides: [0] },
  },
  warmUp: (p) => p.period + 1,
  formula: 'C − C₋ₙ',
  source: 'Murphy (1999), Technical Analysis of the Financial Markets, chapter 10',
  create: momentum,
});

export const RATE_OF_CHANGE = technicalOfClose({
  name: 'rate_of_change',
  title: 'Rate of change',
  group: 'momentum',
  parameters: { period: period(10) },
  outputs: {
    '': { unit: 'ratio', range: [null, null], says: 'positive: the close is higher than n bars ago', guides: [0] },
  },
  warmUp: (p) => p.period + 1,
  formula: '(C − C₋ₙ)/C₋ₙ',
  source: 'Achelis (2000), Technical Analysis from A to Z, there in percent',
  create: rateOfChange,
});

export const WILLIAMS_R = technicalOfBar({
  name: 'williams_r',
  title: 'Williams %R',
  group: 'momentum',
  parameters: { period: period(14) },
  outputs: {
    '': {
      unit: 'percent',
      range: [-100, 0],
      says: '−100: the close is the lowest price of the window, 0: the highest',
      guides: [-80, -20],
    },
  },
  warmUp: (p) => p.period,
  formula: '−100·(H − C)/(H − L) over n bars; 0 where H = L',
  source: 'Williams (1973), How I Made One Million Dollars Last Year Trading Commodities',
  create: williamsR,
});
