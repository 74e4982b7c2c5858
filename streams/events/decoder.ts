import { type BookTicker, createBookTickerDecoder } from './book-ticker.ts';
import { type Connection, decodeConnection } from './connection.ts';
import { DecodeError } from './decode-error.ts';
import { createDepthSnapshotDecoder, type DepthSnapshot } from './depth-snapshot.ts';
import { createDepthUpdateDecoder, type DepthUpdate } from './depth-update.ts';
import { createFundingRateDecoder, type FundingRate } from './funding-rate.ts';
import { createGapDecoder, type Gap } from './gap.ts';
import { decodeInstrumentInfo, type InstrumentInfo } from './instrument-info.ts';
import { createKlineDecoder, type Kline } from './kline.ts';
import { createLiquidationDecoder, type Liquidation } from './liquidation.ts';
import { createMarkPriceDecoder, type MarkPrice } from './mark-price.ts';
import { createOpenInterestDecoder, type OpenInterest } from './open-interest.ts';
import type { Scale } from './scale.ts';
import { createAggTradeDecoder, createTradeDecoder, type Trade } from './trade.ts';

/** One decoded fact of the log. */
export type MarketEvent =
  | DepthUpdate
  | DepthSnapshot
  | Trade
  | BookTicker
  | Kline
  | MarkPrice
  | Liquidation
  | OpenInterest
  | FundingRate
  | InstrumentInfo
  | Connection
  | Gap;

/** Decodes the payloads of one instrument's log, in log order. */
export interface Decoder {
  /**
   * The arrays of a depth event are lent until the next call.
   * @throws DecodeError naming the field, what was expected and what was found
   */
  decode(channel: string, payload: Uint8Array): MarketEvent;
  /** Tick and step size of the last `instrument` event; undefined before it. */
  readonly scale: Scale | undefined;
}

/** @param scale to begin with, where decoding starts behind the log's `instrument` event */
export function createDecoder(scale?: Scale): Decoder {
  const depthUpdate = createDepthUpdateDecoder();
  const depthSnapshot = createDepthSnapshotDecoder();
  const aggTrade = createAggTradeDecoder();
  const trade = createTradeDecoder();
  const bookTicker = createBookTickerDecoder();
  const markPrice = createMarkPriceDecoder();
  const liquidation = createLiquidationDecoder();
  const openInterest = createOpenInterestDecoder();
  const fundingRate = createFundingRateDecoder();
  const gap = createGapDecoder();
  const klines = new Map<string, (payload: Uint8Array) => Kline>();
  let scaleNow = scale;

  function known(channel: string): Scale {
    if (scaleNow === undefined)
      throw new DecodeError(channel, '', 'an instrument event with tick and step size before it', 'none');
    return scaleNow;
  }

  function decodeKline(channel: string, payload: Uint8Array): Kline {
    const interval = channel.slice('kline_'.length);
    let decode = klines.get(interval);
    if (decode === undefined) {
      decode = createKlineDecoder(interval);
      klines.set(interval, decode);
    }
    return decode(payload);
  }

  function decode(channel: string, payload: Uint8Array): MarketEvent {
    switch (channel) {
      case 'depth':
        return depthUpdate(payload, known(channel));
      case 'bookTicker':
        return bookTicker(payload, known(channel));
      case 'aggTrade':
        return aggTrade(payload, known(channel));
      case 'trade':
        return trade(payload, known(channel));
      case 'depthSnapshot':
        return depthSnapshot(payload, known(channel));
      case 'markPrice':
        return markPrice(payload);
      case 'forceOrder':
        return liquidation(payload);
      case 'openInterest':
        return openInterest(payload);
      case 'fundingRate':
        return fundingRate(payload);
      case 'gap':
        return gap(payload);
      case 'connected':
      case 'disconnected':
        return decodeConnection(channel, payload);
      case 'instrument': {
        const info = decodeInstrumentInfo(payload);
        scaleNow = info.scale;
        return info;
      }
      default:
        if (channel.startsWith('kline_')) return decodeKline(channel, payload);
        throw new DecodeError(channel, '', 'a known channel', `"${channel}"`);
    }
  }

  return {
    decode,
    get scale() {
      return scaleNow;
    },
  };
}
