import { hash } from 'node:crypto';
import type { AccountState } from '../../operators/account/account-state.ts';
import { saidLimits } from '../../operators/risk/risk-limits.ts';
import type { BacktestResult, BacktestSettings } from './backtest-result.ts';
import type { LoadedStrategy } from './load-strategy.ts';
import type { MarketRunOptions } from './market-run.ts';

/** Changes with any change after which the same run comes out otherwise. */
export const SIMULATOR = 'simulator-4';

/** What a run was of. */
export interface ResultOf
  extends Pick<MarketRunOptions, 'parameters' | 'instrument' | 'seed' | 'balance' | 'leverage' | 'limits'> {
  readonly strategy: LoadedStrategy;
  readonly recording: string;
}

/** Between which entries a run was, and by what models. */
type Ran = Pick<BacktestSettings, 'fromEntryId' | 'toEntryId' | 'models'>;

/** What a run found, named by the hash of its settings. The order of these is part of the name. */
export function finishResult(
  { strategy, parameters, instrument, recording, seed, balance, leverage, limits }: ResultOf,
  { makerRateE8, takerRateE8 }: AccountState,
  { fromEntryId, toEntryId, models }: Ran,
  found: Omit<BacktestResult, 'id' | 'settings' | 'fromMs' | 'toMs' | 'baseAsset' | 'quoteAsset'>,
): BacktestResult {
  const settings: BacktestSettings = {
    strategy: strategy.definition.name,
    strategyHash: strategy.hash,
    parameters,
    instrument,
    recording,
    fromEntryId,
    toEntryId,
    seed,
    initialBalance: balance,
    leverage,
    makerFee: makerRateE8 / 1e8,
    takerFee: takerRateE8 / 1e8,
    limits: saidLimits(limits),
    models,
    simulator: SIMULATOR,
  };
  const { base, quote } = assetsOf(instrument);
  return {
    id: hash('sha256', JSON.stringify(settings)).slice(0, 16),
    settings,
    fromMs: found.curve.timesMs[0] ?? 0,
    toMs: found.curve.timesMs.at(-1) ?? 0,
    baseAsset: base,
    quoteAsset: quote,
    ...found,
  };
}

/** What is said of a run whose strategy does not trade from its beginning. @param tradesFromUs µs since the epoch */
export function beginModel(tradesFromUs: number | undefined): Readonly<Record<string, string>> {
  if (tradesFromUs === undefined) return {};
  return { begin: `the strategy only watches until ${new Date(tradesFromUs / 1_000).toISOString()}` };
}

/** The longer ones first. */
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'BUSD', 'BTC', 'USD'];

/** Of `venue:SYMBOL`; the quote asset is `quote` where the symbol does not tell it. */
export function assetsOf(instrument: string): { readonly base: string; readonly quote: string } {
  const symbol = instrument.slice(instrument.indexOf(':') + 1);
  const quote = QUOTES.find((asset) => symbol.endsWith(asset) && symbol.length > asset.length) ?? 'quote';
  return { base: symbol.slice(0, symbol.length - (symbol.endsWith(quote) ? quote.length : 0)), quote };
}
