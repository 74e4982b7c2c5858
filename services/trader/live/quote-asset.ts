/** Assets in which Binance keeps USD-M accounts. */
const QUOTES = ['USDT', 'USDC'] as const;

/** The asset that a symbol is settled in. @throws RangeError where it is none that is known */
export function quoteAssetOf(symbol: string): string {
  const found = QUOTES.find((asset) => symbol.endsWith(asset));
  if (found === undefined)
    throw new RangeError(`symbol: expected one that is settled in ${QUOTES.join(' or ')}, found ${symbol}`);
  return found;
}
