import { decimalText, type Instrument } from './instrument.ts';

/** Weight that one address may use in a minute, over all of USD-M and COIN-M since the merger of June 2026. */
export const REQUEST_WEIGHT_PER_MINUTE = 2400;

/** The symbol's object in `exchangeInfo`, in Binance's field order. */
export function symbolInfo(instrument: Instrument): Record<string, unknown> {
  const { symbol, baseAsset, pricePrecision, quantityPrecision } = instrument;
  const tickSize = decimalText(instrument.tickUnits, pricePrecision);
  const stepSize = decimalText(instrument.stepUnits, quantityPrecision);
  return {
    symbol,
    pair: symbol,
    contractType: 'PERPETUAL',
    deliveryDate: 4133404800000,
    onboardDate: 1569398400000,
    status: 'TRADING',
    maintMarginPercent: '2.5000',
    requiredMarginPercent: '5.0000',
    baseAsset,
    quoteAsset: 'USDT',
    marginAsset: 'USDT',
    pricePrecision,
    quantityPrecision,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: ['PoW'],
    triggerProtect: '0.0500',
    liquidationFee: '0.012500',
    marketTakeBound: '0.05',
    maxMoveOrderLimit: 10000,
    filters: [
      { minPrice: tickSize, maxPrice: instrument.maxPrice, filterType: 'PRICE_FILTER', tickSize },
      { maxQty: instrument.maxQty, filterType: 'LOT_SIZE', stepSize, minQty: stepSize },
      { minQty: stepSize, maxQty: instrument.marketMaxQty, filterType: 'MARKET_LOT_SIZE', stepSize },
      { limit: 200, filterType: 'MAX_NUM_ORDERS' },
      { notional: instrument.minNotional, filterType: 'MIN_NOTIONAL' },
      { filterType: 'PERCENT_PRICE', multiplierDecimal: '4', multiplierUp: '1.0500', multiplierDown: '0.9500' },
    ],
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
    permissionSets: ['GRID', 'COPY'],
  };
}

/** Answer of `GET /fapi/v1/exchangeInfo`. */
export function exchangeInfo(instruments: readonly Instrument[], serverTimeMs: number): Record<string, unknown> {
  return {
    timezone: 'UTC',
    serverTime: Math.floor(serverTimeMs),
    futuresType: 'U_MARGINED',
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: REQUEST_WEIGHT_PER_MINUTE },
      { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300 },
    ],
    exchangeFilters: [],
    assets: [{ asset: 'USDT', marginAvailable: true, autoAssetExchange: '-10000' }],
    symbols: instruments.map(symbolInfo),
  };
}
