import { elementTexts, memberTexts } from './json-text.ts';

/**
 * The exact texts of the symbols' objects in an `exchangeInfo` answer, by symbol.
 *
 * @throws where the answer has no list of symbols
 */
export function symbolTexts(exchangeInfo: string): Map<string, string> {
  const list = memberTexts(exchangeInfo)?.get('symbols');
  const elements = list === undefined ? undefined : elementTexts(list);
  if (elements === undefined)
    throw new Error(`exchangeInfo/symbols: expected an array, found ${exchangeInfo.slice(0, 80)}`);
  const symbols = new Map<string, string>();
  for (const element of elements) {
    const symbol = memberTexts(element)?.get('symbol');
    if (symbol !== undefined) symbols.set(JSON.parse(symbol) as string, element);
  }
  return symbols;
}
