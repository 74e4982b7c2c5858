import { invalidParameter, mandatoryParameter } from '../rest/api-error.ts';
import { listedSymbol } from '../rest/parameters.ts';
import type { Listing } from './listing.ts';
import { refused } from './refusals.ts';

/** The parameters of a request, wherever they were sent: in the query, in the body, or in an element of `batchOrders`. */
export interface RequestParams {
  /** Undefined where it was not sent or is empty. */
  readonly text: (name: string) => string | undefined;
  /** @throws ApiError −1102 */
  readonly required: (name: string) => string;
  /** @throws ApiError `code` for any other word, and −1102 where it is missing and there is no `ordinary` one */
  readonly word: <Word extends string>(name: string, words: readonly Word[], code: number, ordinary?: Word) => Word;
  /** `true` or `false`; false where it was not sent. */
  readonly flag: (name: string) => boolean;
  readonly integer: (name: string) => number | undefined;
  /** @throws ApiError −1102, −1121 */
  readonly symbol: (symbols: Iterable<string>) => string;
  readonly optionalSymbol: (symbols: Iterable<string>) => string | undefined;
  /** Ticks of a price. @throws ApiError −1111, −4014 */
  readonly ticks: (name: string, listing: Listing) => number | undefined;
  /** Steps of a quantity. @throws ApiError −1111, −4023 */
  readonly steps: (name: string, listing: Listing) => number | undefined;
}

/** @param get a parameter's text */
export function requestParams(get: (name: string) => string | null | undefined): RequestParams {
  const text = (name: string): string | undefined => {
    const found = get(name);
    return found === null || found === undefined || found === '' ? undefined : found;
  };
  const required = (name: string): string => {
    const found = text(name);
    if (found === undefined) throw mandatoryParameter(name);
    return found;
  };
  const counted = (
    name: string,
    precision: number,
    grid: Listing['scale']['price'],
    off: number,
  ): number | undefined => {
    const found = text(name);
    if (found === undefined) return undefined;
    const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d*?)0*)?$/.exec(found) ?? [];
    if (whole === undefined) throw mandatoryParameter(name);
    if (fraction.length > precision) throw refused(-1111);
    const count = grid.fromUnits(Number(whole + fraction), fraction.length);
    if (Number.isNaN(count)) throw refused(off);
    return sign === '-' ? -count : count;
  };
  return {
    text,
    required,
    word: (name, words, code, ordinary) => {
      const found = ordinary === undefined ? required(name) : (text(name) ?? ordinary);
      const word = words.find((each) => each === found);
      if (word === undefined) throw code === -1130 ? invalidParameter(name) : refused(code, name);
      return word;
    },
    flag: (name) => {
      const found = text(name)?.toLowerCase();
      if (found !== undefined && found !== 'true' && found !== 'false') throw invalidParameter(name);
      return found === 'true';
    },
    integer: (name) => {
      const found = text(name);
      if (found === undefined) return undefined;
      if (!/^-?\d{1,16}$/.test(found) || !Number.isSafeInteger(Number(found))) throw mandatoryParameter(name);
      return Number(found);
    },
    symbol: (symbols) => listedSymbol(required('symbol'), symbols),
    optionalSymbol: (symbols) => {
      const found = text('symbol');
      return found === undefined ? undefined : listedSymbol(found, symbols);
    },
    ticks: (name, { scale, instrument }) => counted(name, instrument.pricePrecision, scale.price, -4014),
    steps: (name, { scale, instrument }) => counted(name, instrument.quantityPrecision, scale.qty, -4023),
  };
}
