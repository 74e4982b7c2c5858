import { dema } from '../../indicators/dema.ts';
import { ema } from '../../indicators/ema.ts';
import { hma } from '../../indicators/hma.ts';
import { kama } from '../../indicators/kama.ts';
import { sma } from '../../indicators/sma.ts';
import { tema } from '../../indicators/tema.ts';
import { wma } from '../../indicators/wma.ts';
import type { OutputDefinition } from '../definition.ts';
import { period, technicalOfClose } from './technical.ts';

const average = (says: string): Readonly<Record<string, OutputDefinition>> => ({
  '': { unit: 'price', range: [null, null], says },
});

/** Moving averages of closes. Entries of the catalogue; formulas, units and sources are in each. */
export const SMA = technicalOfClose({
  name: 'sma',
  title: 'Simple moving average',
  group: 'trend',
  parameters: { period: period(20) },
  outputs: average('mean of the last closes'),
  warmUp: (p) => p.period,
  formula: 'Σ C / n over the last n bars',
  source: 'Murphy (1999), Technical Analysis of the Financial Markets, chapter 9',
  create: sma,
});

export const EMA = technicalOfClose({
  name: 'ema',
  title: 'Exponential moving average',
  group: 'trend',
  parameters: { period: period(20) },
  outputs: average('mean of the closes, recent ones weighing more'),
  warmUp: (p) => p.period,
  formula: 'e ← (1 − α)e + αC, α = 2/(n + 1), beginning with the first close',
  source: 'Hunter (1986), J. Quality Technology 18(4)',
  create: ema,
});

export const WMA = technicalOfClose({
  name: 'wma',
  title: 'Linearly weighted moving average',
  group: 'trend',
  parameters: { period: period(20) },
  outputs: average('mean of the last closes, the newest weighing n, the oldest 1'),
  warmUp: (p) => p.period,
  formula: 'Σ k·C_k / Σ k, k = 1 … n from the oldest on',
  source: 'Murphy (1999), Technical Analysis of the Financial Markets, chapter 9',
  create: wma,
});

export const DEMA = technicalOfClose({
  name: 'dema',
  title: 'Double exponential moving average',
  group: 'trend',
  parameters: { period: period(20) },
  outputs: average('exponential average with less lag'),
  warmUp: (p) => 2 * p.period - 1,
  formula: '2·EMA − EMA(EMA)',
  source: 'Mulloy (1994), Technical Analysis of Stocks & Commodities 12(1)',
  create: dema,
});

export const TEMA = technicalOfClose({
  name: 'tema',
  title: 'Triple exponential moving average',
  group: 'trend',
  parameters: { period: period(20) },
  outputs: average('exponential average with still less lag'),
  warmUp: (p) => 3 * p.period - 2,
  formula: '3·EMA − 3·EMA(EMA) + EMA(EMA(EMA))',
  source: 'Mulloy (1994), Technical Analysis of Stocks & Commodities 12(2)',
  create: tema,
});

export const HMA = technicalOfClose({
  name: 'hma',
  title: 'Hull moving average',
  group: 'trend',
  parameters: { period: period(20, 'window', 2) },
  outputs: average('smooth average with little lag'),
  warmUp: (p) => p.period + Math.floor(Math.sqrt(p.period)) - 1,
  formula: 'WMA(⌊√n⌋) of 2·WMA(⌊n/2⌋) − WMA(n)',
  source: 'Hull (2005), How to reduce lag in a moving average, alanhull.com',
  create: hma,
});

export const KAMA = technicalOfClose({
  name: 'kama',
  title: 'Kaufman’s adaptive moving average',
  group: 'trend',
  parameters: { period: period(10) },
  outputs: average('fast where closes go one way, slow where they go to and fro'),
  warmUp: (p) => p.period,
  formula: 'k ← k + α(C − k), α = (E(2/3 − 2/31) + 2/31)², E = |C − C₋ₙ| / Σ|ΔC|',
  source: 'Kaufman (1995), Smarter Trading, McGraw-Hill',
  create: kama,
});
