import { createFieldScanner } from './field-scanner.ts';

/** Open interest as REST `openInterest` answered it. */
export interface OpenInterest {
  readonly type: 'openInterest';
  /** Transaction time, ms since the epoch. */
  readonly transactionTimeMs: number;
  /** Base asset (contracts). */
  readonly openInterest: number;
}

/** @see https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Open-Interest */
export function createOpenInterestDecoder(): (payload: Uint8Array) => OpenInterest {
  const fields = createFieldScanner('openInterest', ['openInterest', 'time']);
  const { openInterest, time } = fields.slots;
  return (payload) => {
    fields.scan(payload);
    return {
      type: 'openInterest',
      transactionTimeMs: fields.integer(time),
      openInterest: fields.number(openInterest),
    };
  };
}
