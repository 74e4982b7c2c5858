import { hash } from 'node:crypto';
import type { BacktestResult, BacktestSettings } from './backtest-result.ts';

/** Changes with any change after which the same run comes out otherwise. */
export const SIMULATOR = 'simulator-4';

/** What a run found, named by the hash of its settings. */
export function finishResult(
  settings: BacktestSettings,
  found: Omit<BacktestResult, 'id' | 'settings' | 'fromMs' | 'toMs' | 'baseAsset' | 'quoteAsset'>,
): BacktestResult {
  const { base, quote } = assetsOf(settings.instrument);
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

function assetsOf(instrument: string): { readonly base: string; readonly quote: string } {
  const symbol = instrument.slice(instrument.indexOf(':') + 1);
  const quote = QUOTES.find((asset) => symbol.endsWith(asset) && symbol.length > asset.length) ?? 'quote';
  return { base: symbol.slice(0, symbol.length - (symbol.endsWith(quote) ? quote.length : 0)), quote };
}
