import { decimalText, type Instrument, priceText, quantityText } from '../instrument.ts';
import type { AggTrade, ModelTrade } from './agg-trades.ts';
import type { Bar } from './bars.ts';
import type { DepthChange } from './depth-updates.ts';
import type { Liquidation } from './liquidations.ts';
import type { MarkPrice } from './mark-price.ts';
import { bestLevel, type OrderBook, type PriceLevel, topLevels } from './matching/order-book.ts';

// The texts have the field order, spaces and number formats of the frames of September 2026, byte for byte.

export function depthUpdatePayload(
  instrument: Instrument,
  book: OrderBook,
  change: DepthChange,
  eventMs: number,
): string {
  const bids = change.bidTicks.map((ticks) => levelText(instrument, ticks, book.bids.levels.get(ticks)?.qtySteps ?? 0));
  const asks = change.askTicks.map((ticks) => levelText(instrument, ticks, book.asks.levels.get(ticks)?.qtySteps ?? 0));
  return depthPayload(instrument, change, eventMs, bids, asks);
}

/** Partial book: the best levels as they are, best first. */
export function partialDepthPayload(
  instrument: Instrument,
  book: OrderBook,
  change: DepthChange,
  eventMs: number,
  levels: number,
): string {
  const { bids, asks } = levelTexts(instrument, book, levels);
  return depthPayload(instrument, change, eventMs, bids, asks);
}

function depthPayload(
  instrument: Instrument,
  change: DepthChange,
  eventMs: number,
  bids: readonly string[],
  asks: readonly string[],
): string {
  const { symbol } = instrument;
  return `{"e":"depthUpdate","E":${ms(eventMs)},"T":${ms(change.timeMs)},"s":"${symbol}","ps":"${symbol}","U":${change.firstUpdateId},"u":${change.finalUpdateId},"pu":${change.previousFinalUpdateId},"b":[${bids.join(',')}],"a":[${asks.join(',')}],"st":1}`;
}

/** Answer of `GET /fapi/v1/depth`. */
export function depthSnapshotText(
  instrument: Instrument,
  book: OrderBook,
  lastUpdateId: number,
  changedMs: number,
  nowMs: number,
  limit: number,
): string {
  const { bids, asks } = levelTexts(instrument, book, limit);
  return `{"lastUpdateId":${lastUpdateId},"E":${ms(nowMs)},"T":${ms(changedMs)},"bids":[${bids.join(',')}],"asks":[${asks.join(',')}]}`;
}

function levelTexts(instrument: Instrument, book: OrderBook, limit: number): { bids: string[]; asks: string[] } {
  const text = (level: PriceLevel): string => levelText(instrument, level.priceTicks, level.qtySteps);
  return { bids: topLevels(book.bids, limit).map(text), asks: topLevels(book.asks, limit).map(text) };
}

function levelText(instrument: Instrument, ticks: number, steps: number): string {
  return `["${priceText(instrument, ticks)}","${quantityText(instrument, steps)}"]`;
}

export function bookTickerPayload(instrument: Instrument, book: OrderBook, updateId: number, timeMs: number): string {
  const { symbol } = instrument;
  const bid = bestLevel(book.bids);
  const ask = bestLevel(book.asks);
  const at = ms(timeMs);
  return `{"e":"bookTicker","u":${updateId},"s":"${symbol}","ps":"${symbol}","b":"${priceText(instrument, bid?.priceTicks ?? 0)}","B":"${quantityText(instrument, bid?.qtySteps ?? 0)}","a":"${priceText(instrument, ask?.priceTicks ?? 0)}","A":"${quantityText(instrument, ask?.qtySteps ?? 0)}","T":${at},"E":${at},"st":1}`;
}

export function tradePayload(instrument: Instrument, trade: ModelTrade): string {
  const at = ms(trade.timeMs);
  return `{"e":"trade","E":${at},"T":${at},"s":"${instrument.symbol}","t":${trade.id},"p":"${priceText(instrument, trade.priceTicks)}","q":"${quantityText(instrument, trade.qtySteps)}","X":"MARKET","m":${trade.isBuyerMaker}}`;
}

export function aggTradePayload(instrument: Instrument, trade: AggTrade, eventMs: number): string {
  const qty = quantityText(instrument, trade.qtySteps);
  return `{"e":"aggTrade","E":${ms(eventMs)},"a":${trade.id},"s":"${instrument.symbol}","p":"${priceText(instrument, trade.priceTicks)}","q":"${qty}","nq":"${qty}","f":${trade.firstTradeId},"l":${trade.lastTradeId},"T":${ms(trade.timeMs)},"m":${trade.isBuyerMaker},"st":1}`;
}

/** An element of the answer of `GET /fapi/v1/aggTrades`. */
export function aggTradeText(instrument: Instrument, trade: AggTrade): string {
  const qty = quantityText(instrument, trade.qtySteps);
  return `{"a":${trade.id},"p":"${priceText(instrument, trade.priceTicks)}","q":"${qty}","nq":"${qty}","f":${trade.firstTradeId},"l":${trade.lastTradeId},"T":${ms(trade.timeMs)},"m":${trade.isBuyerMaker}}`;
}

/** The spaces after the commas inside of `k` are Binance's. */
export function klinePayload(
  instrument: Instrument,
  interval: string,
  bar: Bar,
  eventMs: number,
  isClosed: boolean,
): string {
  const p = (ticks: number): string => priceText(instrument, ticks);
  return `{"e":"kline","E":${ms(eventMs)},"s":"${instrument.symbol}","k":{"t":${bar.openTimeMs}, "T":${bar.closeTimeMs}, "s":"${instrument.symbol}", "i":"${interval}", "f":${bar.firstTradeId}, "L":${bar.lastTradeId}, "o":"${p(bar.openTicks)}", "c":"${p(bar.closeTicks)}", "h":"${p(bar.highTicks)}", "l":"${p(bar.lowTicks)}", "v":"${volumeText(instrument, bar.volumeSteps)}", "n":${bar.trades}, "x":${isClosed}, "q":"${quoteText(instrument, bar.quoteVolume)}", "V":"${volumeText(instrument, bar.buyVolumeSteps)}", "Q":"${quoteText(instrument, bar.buyQuoteVolume)}", "B":"0"}}`;
}

/** An element of the answer of `GET /fapi/v1/klines`. */
export function klineText(instrument: Instrument, bar: Bar): string {
  const p = (ticks: number): string => priceText(instrument, ticks);
  return `[${bar.openTimeMs},"${p(bar.openTicks)}","${p(bar.highTicks)}","${p(bar.lowTicks)}","${p(bar.closeTicks)}","${volumeText(instrument, bar.volumeSteps)}",${bar.closeTimeMs},"${quoteText(instrument, bar.quoteVolume)}",${bar.trades},"${volumeText(instrument, bar.buyVolumeSteps)}","${quoteText(instrument, bar.buyQuoteVolume)}","0"]`;
}

/** Binance writes an empty volume as a bare 0. */
function volumeText(instrument: Instrument, steps: number): string {
  return steps === 0 ? '0' : quantityText(instrument, steps);
}

function quoteText(instrument: Instrument, ticksTimesSteps: bigint): string {
  if (ticksTimesSteps === 0n) return '0';
  const precision = instrument.pricePrecision + instrument.quantityPrecision;
  const digits = String(ticksTimesSteps * BigInt(instrument.tickUnits * instrument.stepUnits)).padStart(
    precision + 1,
    '0',
  );
  return `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

export function markPricePayload(instrument: Instrument, mark: MarkPrice): string {
  return `{"e":"markPriceUpdate","E":${ms(mark.timeMs)},"s":"${instrument.symbol}","p":"${mark.markPrice.toFixed(8)}","ap":"${mark.averagePrice.toFixed(8)}","P":"${mark.settlePrice.toFixed(8)}","i":"${mark.indexPrice.toFixed(8)}","r":"${mark.fundingRate.toFixed(8)}","T":${mark.nextFundingTimeMs},"st":1}`;
}

/** Answer of `GET /fapi/v1/premiumIndex` for one symbol. */
export function premiumIndexText(instrument: Instrument, mark: MarkPrice): string {
  return `{"symbol":"${instrument.symbol}","markPrice":"${mark.markPrice.toFixed(8)}","indexPrice":"${mark.indexPrice.toFixed(8)}","estimatedSettlePrice":"${mark.settlePrice.toFixed(8)}","lastFundingRate":"${mark.fundingRate.toFixed(8)}","interestRate":"0.00010000","nextFundingTime":${mark.nextFundingTimeMs},"time":${ms(mark.timeMs)}}`;
}

export function forceOrderPayload(instrument: Instrument, liquidation: Liquidation, eventMs: number): string {
  const p = (units: number): string => decimalText(units, instrument.pricePrecision);
  const q = (steps: number): string => quantityText(instrument, steps);
  const { symbol } = instrument;
  return `{"e":"forceOrder","E":${ms(eventMs)},"o":{"s":"${symbol}","S":"${liquidation.side}","o":"LIMIT","f":"IOC","q":"${q(liquidation.qtySteps)}","p":"${p(liquidation.bankruptcyPriceUnits)}","ap":"${p(liquidation.averagePriceUnits)}","X":"${liquidation.status}","l":"${q(liquidation.lastFilledSteps)}","z":"${q(liquidation.filledSteps)}","T":${ms(liquidation.timeMs)},"ps":"${symbol}","st":1}}`;
}

function ms(timeMs: number): number {
  return Math.floor(timeMs);
}
