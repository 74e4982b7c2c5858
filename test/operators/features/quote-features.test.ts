import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { microprice } from '../../../operators/features/microprice.ts';
import { midprice } from '../../../operators/features/midprice.ts';
import { queueImbalance } from '../../../operators/features/queue-imbalance.ts';
import { quotedSpread } from '../../../operators/features/quoted-spread.ts';
import { quote, randomQuotes } from '../market-events.ts';

const test = suite('operators/features/quote-features');

test('the midprice is the mean of best bid and ask, in half ticks too', () => {
  assert.is(midprice(quote(1, [100, 7], [102, 1])), 101);
  assert.is(midprice(quote(1, [100, 7], [101, 1])), 100.5);
});

test('the microprice is weighted by the opposite queue: nearer to the ask where more is bid', () => {
  // (P_b Q_a + P_a Q_b) / (Q_a + Q_b) = (100·10 + 101·30) / 40
  assert.is(microprice(quote(1, [100, 30], [101, 10])), 100.75);
  assert.is(microprice(quote(1, [100, 10], [101, 30])), 100.25);
  assert.is(microprice(quote(1, [100, 5], [104, 5])), 102);
});

test('the quoted spread is ask less bid', () => {
  assert.is(quotedSpread(quote(1, [100, 7], [103, 1])), 3);
});

test('the queue imbalance is 1 where all is bid, -1 where all is asked', () => {
  // (Q_b − Q_a) / (Q_b + Q_a) = (30 − 10) / 40
  assert.is(queueImbalance(quote(1, [100, 30], [101, 10])), 0.5);
  assert.is(queueImbalance(quote(1, [100, 10], [101, 30])), -0.5);
  assert.is(queueImbalance(quote(1, [100, 9], [101, 9])), 0);
});

test('of any quote: bid < microprice < ask, and the imbalance says on which side of the midprice', () => {
  for (const top of randomQuotes(3, 500)) {
    assert.ok(top.bidTicks < microprice(top) && microprice(top) < top.askTicks);
    assert.ok(Math.abs(queueImbalance(top)) < 1);
    const aside = (microprice(top) - midprice(top)) / (quotedSpread(top) / 2);
    assert.ok(Math.abs(aside - queueImbalance(top)) < 1e-9, `${aside} ${queueImbalance(top)}`);
  }
});

test.run();
