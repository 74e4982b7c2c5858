import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fairValue, nextFundingTimeMs } from '../../../../services/venue/model/fair-value.ts';
import { marketProfile } from '../../../../services/venue/model/profiles.ts';

const BTC = marketProfile('BTCUSDT');
const T0 = Date.UTC(2026, 10, 25);
const MINUTE_MS = 60_000;

test('moves about as much as its yearly volatility says, near its reference for ever', () => {
  const fair = fairValue(BTC, 1, 1);
  let sum = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  const minutes = 3000;
  for (let i = 0; i < minutes; i++) {
    const at = T0 + i * 17 * MINUTE_MS;
    const price = fair.index(at);
    sum += Math.log(fair.index(at + MINUTE_MS) / price) ** 2;
    least = Math.min(least, price);
    most = Math.max(most, price);
  }
  const yearly = Math.sqrt((sum / minutes) * 365 * 24 * 60);
  assert.ok(yearly > 0.25 && yearly < 0.8, `volatility ${yearly} a year`);
  assert.ok(least > 0.6 * BTC.referencePrice && most < 1.6 * BTC.referencePrice, `${least} to ${most}`);
});

test('depends on the seed, the symbol and the time alone', () => {
  assert.is(fairValue(BTC, 1, 1).index(T0), fairValue(BTC, 1, 1).index(T0));
  assert.is.not(fairValue(BTC, 2, 1).index(T0), fairValue(BTC, 1, 1).index(T0));
  const step = fairValue(BTC, 1, 1).index(T0 + 50) / fairValue(BTC, 1, 1).index(T0) - 1;
  assert.ok(Math.abs(step) < 0.0001, 'no jump within 50 ms');
});

test('clusters its volatility', () => {
  const fair = fairValue(BTC, 1, 1);
  const levels = Array.from({ length: 500 }, (_, i) => fair.agitation(T0 + i * 30_000));
  assert.ok(Math.min(...levels) < 0.7 && Math.max(...levels) > 1.6, `${Math.min(...levels)} to ${Math.max(...levels)}`);
});

test("settles funding each eight hours within Binance's clamp", () => {
  assert.is(nextFundingTimeMs(T0), T0 + 8 * 60 * MINUTE_MS, 'at a settlement the next is eight hours on');
  assert.is(nextFundingTimeMs(T0 - 1), T0);
  const fair = fairValue(BTC, 1, 1);
  for (let i = 0; i < 50; i++) {
    const rate = fair.fundingRate(T0 + i * 8 * 60 * MINUTE_MS);
    assert.ok(Math.abs(rate) <= 0.001, `${rate}`);
  }
});

test.run();
