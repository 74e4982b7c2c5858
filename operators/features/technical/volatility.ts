import { atr, natr } from '../../indicators/atr.ts';
import { bollingerBands } from '../../indicators/bollinger-bands.ts';
import { donchianChannel } from '../../indicators/donchian-channel.ts';
import { keltnerChannel } from '../../indicators/keltner-channel.ts';
import { realNumber } from '../definition.ts';
import { period, technicalOfBar, technicalOfClose } from './technical.ts';

/** Volatility: how far the price moves, and the bands that follow from it. Entries of the catalogue; formulas, units and sources are in each. */
export const ATR = technicalOfBar({
  name: 'atr',
  title: 'Average true range',
  group: 'volatility',
  parameters: { period: period(14) },
  outputs: { '': { unit: 'price', range: [0, null], says: 'how far the price usually moves in a bar' } },
  warmUp: (p) => p.period,
  formula: 'Wilder’s average of max(H − L, |H − C₋₁|, |L − C₋₁|)',
  source: 'Wilder (1978), New Concepts in Technical Trading Systems, section III',
  create: atr,
});

export const NATR = technicalOfBar({
  name: 'natr',
  title: 'Normalised average true range',
  group: 'volatility',
  parameters: { period: period(14) },
  outputs: { '': { unit: 'percent', range: [0, null], says: 'average true range as a part of the close' } },
  warmUp: (p) => p.period,
  formula: '100·ATR/C',
  source: 'Forman (2006), Technical Analysis of Stocks & Commodities, May',
  create: natr,
});

export const BOLLINGER = technicalOfClose({
  name: 'bollinger',
  title: 'Bollinger bands',
  group: 'volatility',
  parameters: {
    period: period(20),
    deviations: realNumber('', { default: 2, least: 0.01, most: 100, says: 'standard deviations to each side' }),
  },
  outputs: {
    lower: { unit: 'price', range: [null, null], says: 'mean less the deviations' },
    middle: { unit: 'price', range: [null, null], says: 'mean of the last closes' },
    upper: { unit: 'price', range: [null, null], says: 'mean and the deviations', filledTo: 'lower' },
    width: { unit: 'ratio', range: [0, null], says: 'upper less lower, as a part of the middle' },
    percentB: {
      unit: 'ratio',
      range: [null, null],
      says: '0: at the lower band, 1: at the upper; 0.5 where they are one',
      guides: [0, 1],
    },
  },
  warmUp: (p) => p.period,
  formula: 'SMA ± k·σ, σ the population’s deviation over n bars',
  source: 'Bollinger (2002), Bollinger on Bollinger Bands, McGraw-Hill',
  create: bollingerBands,
});

export const DONCHIAN = technicalOfBar({
  name: 'donchian',
  title: 'Donchian channel',
  group: 'volatility',
  parameters: { period: period(20) },
  outputs: {
    lower: { unit: 'price', range: [null, null], says: 'lowest low of the window' },
    middle: { unit: 'price', range: [null, null], says: 'mean of the two' },
    upper: { unit: 'price', range: [null, null], says: 'highest high of the window', filledTo: 'lower' },
  },
  warmUp: (p) => p.period,
  formula: 'max H and min L over n bars, this one included',
  source: 'after Donchian’s weekly rule, in Murphy (1999), Technical Analysis of the Financial Markets, chapter 9',
  create: donchianChannel,
});

export const KELTNER = technicalOfBar({
  name: 'keltner',
  title: 'Keltner channel',
  group: 'volatility',
  parameters: {
    period: period(20),
    multiplier: realNumber('', { default: 2, least: 0.01, most: 100, says: 'true ranges to each side' }),
  },
  outputs: {
    lower: { unit: 'price', range: [null, null], says: 'average less the ranges' },
    middle: { unit: 'price', range: [null, null], says: 'exponential average of the close' },
    upper: { unit: 'price', range: [null, null], says: 'average and the ranges', filledTo: 'lower' },
  },
  warmUp: (p) => p.period,
  formula: 'EMA(C) ± m·ATR',
  source: 'after Keltner (1960), How to Make Money in Commodities; StockCharts, ChartSchool, Keltner Channels',
  create: keltnerChannel,
});
