import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../../../infra/config.ts';
import { BadInput } from '../../../../infra/setup-error.ts';
import { liveAccess } from '../../../../services/trader/live/live-keys.ts';

const KEYS = { DON_BINANCE_KEY: 'the-key', DON_BINANCE_SECRET: 'the-secret' };
const URLS = { DON_VENUE_REST_URL: 'http://127.0.0.1:1/', DON_VENUE_WS_URL: 'ws://127.0.0.1:1' };
const SIMULATED = { venue: 'simulated', live: true, instruments: ['simulated:BTCUSDT'] } as const;

test('is off unless the switch says yes with real money, word for word', async () => {
  assert.is((await readConfig({ env: {} })).live, false);
  assert.is((await readConfig({ env: { DON_LIVE: 'off' } })).live, false);
  assert.is((await readConfig({ env: { DON_LIVE: 'yes-with-real-money' } })).live, true);
  for (const word of ['yes', 'true', '1']) {
    const error = await readConfig({ env: { DON_LIVE: word } }).catch((thrown: Error) => thrown);
    assert.instance(error, BadInput);
    assert.match(String(error), `DON_LIVE: expected yes-with-real-money, or off, found "${word}"`);
  }
  assert.is(liveAccess({ ...SIMULATED, live: false }, { ...KEYS, ...URLS }), undefined);
});

test('takes the keys from the environment, and the addresses of a simulated venue only', () => {
  const keys = { apiKey: 'the-key', secret: 'the-secret' };
  const [restUrl, wsUrl] = ['http://127.0.0.1:1', 'ws://127.0.0.1:1'];
  assert.equal(liveAccess(SIMULATED, { ...KEYS, ...URLS }), { keys, restUrl, wsUrl, testnet: false });
  const real = { venue: 'binance', live: true, instruments: ['binance-usdm:BTCUSDT'] } as const;
  const own = { keys, restUrl: undefined, wsUrl: undefined, testnet: false };
  assert.equal(liveAccess(real, { ...KEYS, ...URLS }), own);
  const testnet = { ...real, instruments: ['binance-usdm-testnet:BTCUSDT'] };
  assert.equal(liveAccess(testnet, KEYS), { ...own, testnet: true });
});

test('names what is missing, and nothing of what is there', () => {
  for (const name of ['DON_BINANCE_KEY', 'DON_BINANCE_SECRET', 'DON_VENUE_REST_URL', 'DON_VENUE_WS_URL'] as const) {
    const env = { ...KEYS, ...URLS, [name]: '' };
    try {
      liveAccess(SIMULATED, env);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, BadInput);
      assert.match(String(error), `${name}: expected a value`);
      assert.not.match(String(error), /the-key|the-secret/);
    }
  }
});

test.run();
