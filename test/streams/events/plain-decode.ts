import type { MarketEvent } from '../../../streams/events/decoder.ts';
import type { Levels } from '../../../streams/events/levels.ts';
import type { Scale } from '../../../streams/events/scale.ts';

/** An event in plain numbers, field by field. */
export type Plain = Readonly<Record<string, unknown>>;

type Json = Readonly<Record<string, unknown>>;
type Pair = readonly [price: unknown, qty: unknown];

/** What a payload says, by `JSON.parse` and `Number` alone: the plain recomputation that decoders are compared with. */
export function plainFromJson(channel: string, payload: Buffer): Plain {
  const json: unknown = JSON.parse(payload.toString());
  if (channel.startsWith('kline_')) return plainKline(channel.slice('kline_'.length), json);
  const fields = json as Json;
  const number = (name: string): number => Number(fields[name]);
  const numberOrNull = (name: string): number | null => (name in fields ? number(name) : null);
  switch (channel) {
    case 'depth':
      return {
        type: 'depthUpdate',
        eventTimeMs: number('E'),
        transactionTimeMs: number('T' in fields ? 'T' : 'E'),
        firstUpdateId: number('U'),
        finalUpdateId: number('u'),
        previousFinalUpdateId: 'pu' in fields ? number('pu') : number('U') - 1,
        bids: plainLevels(fields['b']),
        asks: plainLevels(fields['a']),
      };
    case 'depthSnapshot':
      return {
        type: 'depthSnapshot',
        lastUpdateId: number('lastUpdateId'),
        eventTimeMs: numberOrNull('E'),
        bids: plainLevels(fields['bids']),
        asks: plainLevels(fields['asks']),
      };
    case 'bookTicker':
      return {
        type: 'bookTicker',
        updateId: number('u'),
        eventTimeMs: numberOrNull('E'),
        bid: [number('b'), number('B')],
        ask: [number('a'), number('A')],
      };
    case 'aggTrade':
    case 'trade':
      return {
        type: 'trade',
        channel,
        transactionTimeMs: number('T'),
        tradeId: number(channel === 'trade' ? 't' : 'a'),
        level: [number('p'), number('q')],
        firstTradeId: number(channel === 'trade' ? 't' : 'f'),
        lastTradeId: number(channel === 'trade' ? 't' : 'l'),
        // Binance `m`: the buyer was the maker, so the taker sold.
        aggressorSide: fields['m'] === true ? 'sell' : 'buy',
        isMarket: channel === 'aggTrade' || !('X' in fields) || fields['X'] === 'MARKET',
      };
    case 'markPrice': {
      const hasFunding = 'r' in fields && fields['r'] !== '';
      return {
        type: 'markPrice',
        eventTimeMs: number('E'),
        markPrice: number('p'),
        indexPrice: number('i'),
        settlePrice: numberOrNull('P'),
        fundingRate: hasFunding ? number('r') : null,
        nextFundingTimeMs: hasFunding ? number('T') : null,
      };
    }
    case 'forceOrder': {
      const order = fields['o'] as Json;
      return {
        type: 'liquidation',
        transactionTimeMs: Number(order['T']),
        side: order['S'] === 'BUY' ? 'buy' : 'sell',
        price: Number(order['p']),
        averagePrice: Number(order['ap']),
        qty: Number(order['q']),
        filledQty: Number(order['z']),
        status: order['X'],
      };
    }
    case 'openInterest':
      return { type: 'openInterest', transactionTimeMs: number('time'), openInterest: number('openInterest') };
    case 'fundingRate':
      return { type: 'fundingRate', fundingTimeMs: number('fundingTime'), fundingRate: number('fundingRate') };
    case 'gap': {
      const { channel: of, reason, expected = null, found = null } = fields;
      return { type: 'gap', channel: of, expected, found, reason };
    }
    case 'connected':
    case 'disconnected': {
      const { channels, connection, reason } = fields;
      return { type: channel, channels, connection, reason: typeof reason === 'string' ? reason : null };
    }
    default:
      throw new TypeError(`no plain form of ${channel}`);
  }
}

function plainKline(interval: string, json: unknown): Plain {
  if (Array.isArray(json)) {
    const cell = (index: number): number | null => (json[index] == null ? null : Number(json[index]));
    return {
      type: 'kline',
      interval,
      openTimeMs: cell(0),
      candle: [cell(1), cell(2), cell(3), cell(4)],
      volumes: [cell(5), cell(7), cell(9)],
      trades: cell(8),
      isClosed: true,
    };
  }
  const k = (json as { k: Json }).k;
  return {
    type: 'kline',
    interval: k['i'],
    openTimeMs: Number(k['t']),
    candle: [Number(k['o']), Number(k['h']), Number(k['l']), Number(k['c'])],
    volumes: [Number(k['v']), Number(k['q']), Number(k['V'])],
    trades: Number(k['n']),
    isClosed: k['x'],
  };
}

function plainLevels(pairs: unknown): number[] {
  return (pairs as readonly Pair[]).flatMap(([price, qty]) => [Number(price), Number(qty)]);
}

/** The same form of a decoded event, its ticks and steps turned into numbers. */
export function plainFromEvent(event: MarketEvent, { price, qty }: Scale): Plain {
  const levels = ({ count, ticks, steps }: Levels): number[] => {
    const numbers: number[] = [];
    for (let n = 0; n < count; n++) numbers.push(price.toNumber(ticks[n]!), qty.toNumber(steps[n]!));
    return numbers;
  };
  switch (event.type) {
    case 'depthUpdate':
    case 'depthSnapshot':
      return { ...event, bids: levels(event.bids), asks: levels(event.asks) };
    case 'bookTicker': {
      const { type, updateId, eventTimeMs, bidTicks, bidSteps, askTicks, askSteps } = event;
      const bid = [price.toNumber(bidTicks), qty.toNumber(bidSteps)];
      const ask = [price.toNumber(askTicks), qty.toNumber(askSteps)];
      return { type, updateId, eventTimeMs, bid, ask };
    }
    case 'trade': {
      const { priceTicks, qtySteps, ...others } = event;
      return { ...others, level: [price.toNumber(priceTicks), qty.toNumber(qtySteps)] };
    }
    case 'kline': {
      const { type, interval, openTimeMs, open, high, low, close, trades, isClosed } = event;
      const volumes = [event.volume, event.quoteVolume, event.buyVolume];
      return { type, interval, openTimeMs, candle: [open, high, low, close], volumes, trades, isClosed };
    }
    case 'instrument':
      throw new TypeError('an instrument event has no plain form');
    default:
      return { ...event };
  }
}
