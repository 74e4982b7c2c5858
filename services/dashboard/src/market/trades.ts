import { fieldsOf } from '../api/fields.ts';

export interface Trade {
  readonly id: number;
  readonly timeMs: number;
  readonly price: string;
  readonly qty: string;
  /** Taker side. */
  readonly side: 'buy' | 'sell';
}

/** @throws TypeError naming the field that is not as expected */
export function readTrade(value: unknown): Trade {
  const fields = fieldsOf('trade', value);
  const side = fields.text('side');
  if (side !== 'buy' && side !== 'sell')
    throw new TypeError(`trade/side: expected buy or sell, was ${JSON.stringify(side)}`);
  return {
    id: fields.number('trade_id'),
    timeMs: fields.timeMs('ts'),
    price: fields.decimal('price'),
    qty: fields.decimal('qty'),
    side,
  };
}

/** Trades that are kept for the tape. */
const TRADES_MAX = 200;

/** The tape with more trades on it, newest first; a trade that is there already is not put in twice. */
export function withTrades(tape: readonly Trade[], trades: readonly Trade[]): readonly Trade[] {
  const newest = tape[0];
  if (trades.length === 1 && (newest === undefined || trades[0]!.id > newest.id))
    return [trades[0]!, ...tape.slice(0, TRADES_MAX - 1)];
  const byId = new Map([...tape, ...trades].map((trade) => [trade.id, trade]));
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, TRADES_MAX);
}
