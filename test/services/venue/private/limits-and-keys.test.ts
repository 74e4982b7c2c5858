import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listenKeys } from '../../../../services/venue/private/listen-keys.ts';
import { orderCounts } from '../../../../services/venue/private/order-counts.ts';
import type { UserAccount } from '../../../../services/venue/private/user-account.ts';
import { ApiError } from '../../../../services/venue/rest/api-error.ts';

const [ONE, TWO] = [{ apiKey: 'one' } as UserAccount, { apiKey: 'two' } as UserAccount];

test('counts 300 orders in 10 seconds and 1200 in a minute, of each account', () => {
  let nowMs = 600_000;
  const counts = orderCounts(() => nowMs);
  const isRefused = (account: UserAccount, orders: number): boolean => {
    try {
      counts.spend(account, orders);
      return false;
    } catch (error) {
      return error instanceof ApiError && error.code === -1015 && error.status === 429;
    }
  };
  counts.spend(ONE, 300);
  assert.ok(isRefused(ONE, 1));
  assert.not.ok(isRefused(TWO, 1), 'of another account');
  assert.equal(counts.headers(ONE), { 'x-mbx-order-count-10s': 300, 'x-mbx-order-count-1m': 300 });
  for (let window = 1; window < 4; window++) {
    nowMs += 10_000;
    counts.spend(ONE, 300);
  }
  nowMs += 10_000;
  assert.ok(isRefused(ONE, 1), 'the minute is full');
  nowMs += 20_000;
  assert.not.ok(isRefused(ONE, 1));
  assert.equal(counts.headers(ONE), { 'x-mbx-order-count-10s': 1, 'x-mbx-order-count-1m': 1 });
});

test('a listen key lives for its time after it was kept alive, and is one for each account', () => {
  let nowMs = 0;
  const keys = listenKeys(1_000, () => nowMs);
  const key = keys.obtain(ONE);
  assert.match(key, /^[A-Za-z0-9]{64}$/);
  assert.is.not(keys.obtain(TWO), key);
  nowMs = 900;
  assert.is(keys.obtain(ONE), key, 'POST returns the same key, and it lives anew');
  nowMs = 1_800;
  assert.is(keys.keepAlive(ONE), key);
  assert.is(keys.keepAlive(TWO), undefined, 'it has died');
  nowMs = 2_799;
  assert.ok(keys.isKnown(key));
  nowMs = 2_800;
  assert.not.ok(keys.isKnown(key));
  assert.is(keys.current(ONE), undefined);
  assert.equal(
    keys.takeExpired().map(({ account }) => account),
    [ONE, TWO],
  );
  assert.equal(keys.takeExpired(), []);
  assert.is.not(keys.obtain(ONE), key);
  assert.is(keys.close(ONE) === undefined, false);
  assert.is(keys.close(ONE), undefined);
});

test.run();
