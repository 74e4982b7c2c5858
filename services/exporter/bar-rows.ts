import type { ClosedKline, TradedBar } from '../../operators/bar-reconciliation.ts';
import type { Value } from './columns.ts';
import { datasetNamed } from './datasets.ts';
import type { Extent } from './span.ts';
import { tableRows } from './table-rows.ts';

/** The bars of one recording and interval, by time. */
export interface BarRows {
  readonly bars: readonly TradedBar[];
  readonly klines: readonly ClosedKline[];
}

/** Rows of the table `bars`: those that are made of trades, and the venue's closed klines. */
export async function barRows(
  questdbUrl: string,
  extent: Extent & { readonly recording: string },
  interval: string,
): Promise<BarRows> {
  const dataset = datasetNamed(`bars_${interval}`);
  if (dataset === undefined) throw new TypeError(`expected an interval of klines, found ${interval}`);
  const whole = { recording: extent.recording, fromUs: 0, toUs: 0, fromEntry: undefined, toEntry: undefined };
  const bars: TradedBar[] = [];
  const klines: ClosedKline[] = [];
  for await (const page of tableRows(questdbUrl, dataset, extent, [whole]))
    for (const cells of page) {
      const row = Object.fromEntries(dataset.columns.map(({ name }, n) => [name, cells[n] ?? null]));
      if (row['source'] === 'kline') klines.push(klineOf(row));
      else bars.push(barOf(row));
    }
  return { bars, klines };
}

type Row = Readonly<Record<string, Value>>;

function klineOf(row: Row): ClosedKline {
  const number = (name: string): number | null => (row[name] === null ? null : Number(row[name]));
  return {
    ...pricesOf(row),
    volume: number('volume'),
    quoteVolume: number('quote_volume'),
    buyVolume: number('buy_volume'),
    trades: number('trades'),
  };
}

function barOf(row: Row): TradedBar {
  return {
    ...pricesOf(row),
    volume: Number(row['volume']),
    quoteVolume: Number(row['quote_volume']),
    buyVolume: Number(row['buy_volume']),
    trades: Number(row['trades']),
    isWhole: row['is_whole'] === 1,
  };
}

function pricesOf(row: Row): Pick<TradedBar, 'openTimeMs' | 'open' | 'high' | 'low' | 'close'> {
  return {
    openTimeMs: Number(row['ts']) / 1_000,
    open: Number(row['open']),
    high: Number(row['high']),
    low: Number(row['low']),
    close: Number(row['close']),
  };
}
