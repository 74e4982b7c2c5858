import { USDMClient, WebsocketClient } from 'binance';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startVenue } from '../../../services/venue/venue.ts';
import { until } from '../../support/until.ts';
import { LATEST } from './client.ts';
import { PATIENCE } from './private/trader.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
const CHANNELS = ['depth@100ms', 'aggTrade', 'trade', 'kline_1m', 'markPrice@1s', 'forceOrder', 'bookTicker'];
const SILENT = { trace: () => {}, info: () => {}, error: () => {} };

test('the SDK as it is subscribes to every stream of three symbols and gets frames of each', async () => {
  const venue = await startVenue({ pace: 4 });
  const client = new WebsocketClient({ wsUrl: venue.wsUrl, pongTimeout: PATIENCE.pongTimeout }, SILENT as never);
  const counts = new Map<string, number>();
  const exceptions: unknown[] = [];
  client.on('message', (message) => {
    const { streamName: stream } = message as unknown as { streamName: string };
    counts.set(stream, (counts.get(stream) ?? 0) + 1);
  });
  client.on('exception', (exception) => void exceptions.push(exception));
  const streams = SYMBOLS.flatMap((symbol) => CHANNELS.map((channel) => `${symbol.toLowerCase()}@${channel}`));
  try {
    await client.subscribe(streams, 'usdm');
    await until(
      'the subscriptions',
      () => venue.state().connections.reduce((sum, { streams: own }) => sum + own.length, 0) === streams.length,
    );
    for (const symbol of SYMBOLS) venue.source.liquidate(symbol, 'BUY', '1');
    await until('something of each stream', () => streams.every((stream) => counts.has(stream))).catch(() => {
      assert.equal(
        streams.filter((stream) => !counts.has(stream)),
        [],
        'streams of which nothing came',
      );
    });
    const { connections, streams: sent } = venue.state();
    assert.equal(connections.map(({ path }) => path).sort(), ['market', 'public']);
    assert.equal(
      connections.flatMap(({ misplacedStreams }) => misplacedStreams),
      [],
    );
    for (const stream of streams)
      await until(`all that was sent of ${stream}`, () => counts.get(stream)! >= sent[stream]!.sent);
    assert.equal(exceptions, []);
  } finally {
    client.closeAll(true);
    await venue.close();
  }
});

/** The SDK rejects with plain objects, which uvu takes for no failure. */
function answered<Answer>(request: Promise<Answer>): Promise<Answer> {
  return request.catch((thrown: unknown) => {
    throw new Error(JSON.stringify(thrown));
  });
}

test("the SDK's REST client reads everything that the recorder and the dashboard need", async () => {
  const venue = await startVenue({ symbols: SYMBOLS, pace: 10, weightWindowMs: 3_600_000 * 24 * 365 });
  const client = new USDMClient({ baseUrl: venue.restUrl, disableTimeSync: true });
  try {
    const { source } = venue;
    const kept = (): unknown[] => JSON.parse(source.aggTrades('BTCUSDT', { ...LATEST, limit: 10 }));
    await until(
      'ten trades and a bar',
      () => kept().length === 10 && source.klines('ETHUSDT', '1m', { ...LATEST, limit: 1 }) !== '[]',
    );
    const askedMs = Date.now();
    const serverTime = Number(await answered(client.getServerTime()));
    assert.ok(serverTime > askedMs - 1000 && serverTime < Date.now() + 1000);
    const info = await answered(client.getExchangeInfo());
    assert.equal(
      info.symbols.map(({ symbol }) => symbol),
      SYMBOLS,
    );
    const filters = info.symbols[0]!.filters as unknown as Record<string, string>[];
    assert.is(filters.find(({ filterType }) => filterType === 'PRICE_FILTER')?.['tickSize'], '0.10');
    assert.is(filters.find(({ filterType }) => filterType === 'LOT_SIZE')?.['stepSize'], '0.001');
    const depth = await answered(client.getOrderBook({ symbol: 'BTCUSDT', limit: 1000 }));
    assert.ok(depth.bids.length > 500 && depth.bids.length <= 1000);
    const trades = await answered(client.getAggregateTrades({ symbol: 'BTCUSDT', limit: 10 }));
    assert.is(trades.length, 10);
    const next = await answered(
      client.getAggregateTrades({ symbol: 'BTCUSDT', fromId: Number(trades[3]!.a), limit: 4 }),
    );
    assert.equal(next, trades.slice(3, 7));
    const klines = await answered(client.getKlines({ symbol: 'ETHUSDT', interval: '1m' }));
    assert.is(klines[0]!.length, 12);
    const mark = (await answered(client.getMarkPrice({ symbol: 'BTCUSDT' }))) as unknown as Record<string, string>;
    assert.match(mark['markPrice']!, /^\d+\.\d{8}$/);
    const rates = await answered(client.getFundingRateHistory({ symbol: 'BTCUSDT', limit: 3 }));
    assert.is(rates.length, 3);
    assert.is(Number(rates[2]!.fundingTime) - Number(rates[1]!.fundingTime), 8 * 3_600_000);
    const interest = await answered(client.getOpenInterest({ symbol: 'SOLUSDT' }));
    assert.match(String(interest.openInterest), /^\d+\.\d\d$/);
    assert.is(client.getRateLimitStates()['x-mbx-used-weight-1m'], venue.state().rest.usedWeight);
    const error = await client.getOrderBook({ symbol: 'NOPE' }).catch((thrown: unknown) => thrown);
    assert.is((error as { code: number }).code, -1121);
  } finally {
    await venue.close();
  }
});

test.run();
