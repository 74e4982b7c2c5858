import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfiguration } from '../../../services/recorder/configuration.ts';
import { DEFAULT_CHANNELS, topicsOf } from '../../../services/recorder/topics.ts';

const test = suite('services/recorder/configuration');

const VENUE = { DON_VENUE_REST_URL: 'http://127.0.0.1:5000/', DON_VENUE_WS_URL: 'ws://127.0.0.1:5000' };
const simulated = { venue: 'simulated', instruments: ['simulated:BTCUSDT'] } as const;
const binance = { venue: 'binance', instruments: ['binance-usdm:BTCUSDT'] } as const;

test('the same recorder is pointed at the venue or at Binance by settings alone', () => {
  const local = readConfiguration(simulated, VENUE).settings;
  assert.equal([local.restUrl, local.venue.wsUrl], ['http://127.0.0.1:5000', 'ws://127.0.0.1:5000']);
  const real = readConfiguration(binance, {}).settings;
  assert.equal([real.restUrl, real.venue.wsUrl, real.venue.testnet], [undefined, undefined, false]);
  assert.is(
    readConfiguration({ ...binance, instruments: ['binance-usdm-testnet:BTCUSDT'] }, {}).settings.venue.testnet,
    true,
  );
});

test('real and simulated data cannot get into one log', () => {
  const wrong: [Parameters<typeof readConfiguration>, RegExp][] = [
    [
      [{ ...simulated, instruments: ['binance-usdm:BTCUSDT'] }, VENUE],
      /expected ones of simulated .* found binance-usdm:BTCUSDT/,
    ],
    [
      [{ ...binance, instruments: ['simulated:BTCUSDT'] }, {}],
      /expected ones of binance-usdm .* found simulated:BTCUSDT/,
    ],
    [[{ ...binance, instruments: ['binance-usdm:A', 'binance-usdm-testnet:A'] }, {}], /of a single venue/],
    [[binance, VENUE], /DON_VENUE_REST_URL: expected nothing/],
    [
      [simulated, { ...VENUE, DON_VENUE_WS_URL: 'wss://fstream.binance.com' }],
      /DON_VENUE_WS_URL: expected a simulated venue/,
    ],
    [[simulated, { ...VENUE, DON_VENUE_REST_URL: 'https://testnet.binancefuture.com' }], /expected a simulated venue/],
    [[simulated, {}], /DON_VENUE_REST_URL: expected the venue's URL.*found ""/],
    [[simulated, { ...VENUE, DON_CHANNELS: 'depth,kline_7m' }], /DON_CHANNELS: .*found "kline_7m"/],
    [[simulated, { ...VENUE, DON_DEPTH_SPEED: '10ms' }], /DON_DEPTH_SPEED: .*found "10ms"/],
  ];
  for (const [args, sentence] of wrong) assert.throws(() => readConfiguration(...args), sentence);
});

test('channels and the speed of the diffs can be chosen', () => {
  assert.equal(readConfiguration(simulated, VENUE).settings.channels, DEFAULT_CHANNELS);
  const { instruments, settings } = readConfiguration(simulated, {
    ...VENUE,
    DON_CHANNELS: 'depth, trade,depth,kline_5m',
    DON_DEPTH_SPEED: '250ms',
  });
  assert.equal(
    topicsOf(instruments, settings.depthSpeed, settings.channels).map(({ stream, route }) => `${route} ${stream}`),
    ['public btcusdt@depth', 'market btcusdt@trade', 'market btcusdt@kline_5m'],
  );
});

test('snapshots of many instruments leave the budget to others', () => {
  const instruments = Array.from({ length: 60 }, (_, i) => `simulated:T${i}`);
  const { settings } = readConfiguration({ venue: 'simulated', instruments }, VENUE);
  assert.is((60 * 20 * 60_000) / settings.snapshotEveryMs, 600);
});

test.run();
