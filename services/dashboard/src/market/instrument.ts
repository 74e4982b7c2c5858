import { fieldsOf } from '../api/fields.ts';
import { decimalsOf } from '../format/decimal.ts';

/** An instrument as the API lists it. */
export interface Instrument {
  /** `venue:SYMBOL`. */
  readonly name: string;
  readonly venue: string;
  readonly symbol: string;
  /** Its data come from the venue simulator, not from a market. */
  readonly isSimulated: boolean;
  /** Everything of it was imported: nothing comes live. */
  readonly isImported: boolean;
  /** Null where no price scale is known yet. */
  readonly tickSize: string | null;
  /** Digits behind the point of prices; null where no scale is known yet. */
  readonly priceDecimals: number | null;
  /** Digits behind the point of quantities; null where no scale is known yet. */
  readonly qtyDecimals: number | null;
}

/** @throws TypeError naming the field that is not as expected */
export function readInstrument(value: unknown): Instrument {
  const fields = fieldsOf('instrument', value);
  const name = fields.text('instrument');
  const [venue = '', symbol = ''] = name.split(':', 2);
  const recordings = fields.list('recordings').map((item) => fieldsOf('instrument/recordings', item).text('recording'));
  const tickSize = fields.decimalOrNull('tick_size');
  const stepSize = fields.decimalOrNull('step_size');
  return {
    name,
    venue,
    symbol,
    isSimulated: venue === 'simulated',
    isImported: recordings.length > 0 && !recordings.includes('live'),
    tickSize,
    priceDecimals: tickSize === null ? null : decimalsOf(tickSize),
    qtyDecimals: stepSize === null ? null : decimalsOf(stepSize),
  };
}

/** The one to open with: the first of `wanted` that there is, else the first that is recorded live, else the first. */
export function chooseInstrument(
  instruments: readonly Instrument[],
  wanted: readonly (string | null)[],
): Instrument | undefined {
  const found = wanted.map((name) => instruments.find((instrument) => instrument.name === name));
  return (
    found.find((instrument) => instrument !== undefined) ??
    instruments.find(({ isImported }) => !isImported) ??
    instruments[0]
  );
}

const VENUE_NAMES: Readonly<Record<string, string>> = {
  simulated: 'Simulator',
  'binance-usdm': 'Binance USD-M',
  'binance-usdm-testnet': 'Binance USD-M testnet',
  'binance-spot': 'Binance Spot',
};

export function venueName(venue: string): string {
  return VENUE_NAMES[venue] ?? venue;
}
