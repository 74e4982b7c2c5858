import type { EventToAppend } from '../../streams/entry.ts';

/** Events of a made-up market; `atUs` is the receive time. */

const START_US = 1_723_161_255_000_000;

function event(channel: string, payload: unknown, atUs: number): EventToAppend {
  return { channel, payload: JSON.stringify(payload), receiveTimeUs: START_US + atUs };
}

export function depth(pu: number, u: number): EventToAppend {
  return event('depth', { e: 'depthUpdate', E: u, T: u, s: 'X', U: pu + 1, u, pu, b: [['1.0', '2']], a: [] }, u);
}

export function spotDepth(first: number, last: number): EventToAppend {
  return event('depth', { e: 'depthUpdate', E: last, s: 'X', U: first, u: last, b: [], a: [['1.0', '2']] }, last);
}

export function aggTrade(a: number): EventToAppend {
  return event('aggTrade', { e: 'aggTrade', E: a, a, s: 'X', p: '1.0', q: '1', f: a, l: a, T: a, m: true }, a);
}

export function trade(t: number): EventToAppend {
  return event('trade', { e: 'trade', E: t, T: t, s: 'X', t, p: '1.0', q: '1', X: 'MARKET', m: true }, t);
}

export function bookTicker(u: number): EventToAppend {
  return event('bookTicker', { e: 'bookTicker', u, s: 'X', b: '1.0', B: '1', a: '1.1', A: '1', T: u, E: u }, u);
}

export function markPrice(eventTimeMs: number, price = '1.0'): EventToAppend {
  return event('markPrice', { e: 'markPriceUpdate', E: eventTimeMs, s: 'X', p: price, i: '1', T: 0 }, eventTimeMs);
}

export function kline(eventTimeMs: number, close = '1.0'): EventToAppend {
  return event('kline_1m', { e: 'kline', E: eventTimeMs, s: 'X', k: { t: 7, E: 8, c: close } }, eventTimeMs);
}

export function depthSnapshot(lastUpdateId: number, bid = '1.0'): EventToAppend {
  return event('depthSnapshot', { lastUpdateId, E: 1, T: 1, bids: [[bid, '1']], asks: [] }, lastUpdateId);
}

export function connected(connection: number, atUs = connection): EventToAppend {
  return event('connected', { channels: ['depth'], connection }, atUs);
}

export function gap(channel: string, expected: string | null, found: string | null, reason: string, atUs: number) {
  return event('gap', { channel, expected, found, reason }, atUs);
}
