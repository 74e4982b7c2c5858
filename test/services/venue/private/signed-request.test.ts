import { createHmac } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { credentialsOf } from '../../../../services/venue/private/credentials.ts';
import { accountOfKey, checkSignature } from '../../../../services/venue/private/signed-request.ts';
import type { UserAccount } from '../../../../services/venue/private/user-account.ts';
import { ApiError } from '../../../../services/venue/rest/api-error.ts';

const NOW_MS = 1_800_000_000_000;
const ACCOUNT = { name: 'demo', ...credentialsOf('demo') } as UserAccount;

function sign(text: string, secret = ACCOUNT.secret): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** Code of the refusal of a request; 0 where there is none. */
function code(query: string, body = ''): number {
  try {
    checkSignature(ACCOUNT, { apiKey: ACCOUNT.apiKey, query, body }, NOW_MS);
    return 0;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

test("agrees with Binance's example of a signature", () => {
  // developers.binance.com, USD-M futures, General Info: SIGNED Endpoint Example for POST /fapi/v1/order.
  const secret = '2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9';
  const text =
    'symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000&timestamp=1591702613943';
  const signature = '3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9';
  const query = `${text}&signature=${signature}`;
  const raw = { apiKey: 'k', body: '' };
  checkSignature({ ...ACCOUNT, secret }, { ...raw, query }, 1_591_702_613_943);
  const [inQuery, inBody] = [text.slice(0, text.indexOf('&quantity')), text.slice(text.indexOf('quantity'))];
  const mixed = sign(inQuery + inBody, secret);
  checkSignature(
    { ...ACCOUNT, secret },
    { ...raw, query: inQuery, body: `${inBody}&signature=${mixed}` },
    1_591_702_613_943,
  );
});

test('refuses what is not signed by the account, or not now', () => {
  const at = (timestamp: number, more = ''): string => `symbol=BTCUSDT&timestamp=${timestamp}${more}`;
  const signed = (text: string): string => `${text}&signature=${sign(text)}`;
  assert.is(code(signed(at(NOW_MS))), 0);
  assert.is(code(at(NOW_MS)), -1102, 'no signature');
  assert.is(code(signed('symbol=BTCUSDT')), -1102, 'no timestamp');
  assert.is(code(signed('timestamp=now')), -1102);
  assert.is(code(`${at(NOW_MS)}&signature=${sign(at(NOW_MS), 'another')}`), -1022);
  assert.is(code(`${at(NOW_MS)}&signature=zz`), -1022);
  assert.is(code(`${at(NOW_MS)}&price=1&signature=${sign(at(NOW_MS))}`), -1022, 'changed after it was signed');
  assert.is(code(signed(at(NOW_MS - 5_000))), 0);
  assert.is(code(signed(at(NOW_MS - 5_001))), -1021, 'older than the window');
  assert.is(code(signed(at(NOW_MS - 5_001, '&recvWindow=6000'))), 0);
  assert.is(code(signed(at(NOW_MS, '&recvWindow=60001'))), -1131);
  assert.is(code(signed(at(NOW_MS + 1_000))), 0);
  assert.is(code(signed(at(NOW_MS + 1_001))), -1021, 'ahead of the clock');
});

test('keys that are missing or unknown are refused, and follow from the name', () => {
  const accounts = new Map([[ACCOUNT.apiKey, ACCOUNT]]);
  const raw = { query: '', body: '' };
  assert.is(accountOfKey(accounts, { ...raw, apiKey: ACCOUNT.apiKey }), ACCOUNT);
  const refused = (apiKey: string | undefined, expected: number): void => {
    assert.throws(
      () => accountOfKey(accounts, { ...raw, apiKey }),
      (error: unknown) => error instanceof ApiError && error.code === expected && error.status === 401,
    );
  };
  refused(undefined, -2014);
  refused('nobody', -2015);
  assert.equal(credentialsOf('demo'), credentialsOf('demo'));
  assert.is.not(credentialsOf('demo').secret, credentialsOf('other').secret);
  assert.match(credentialsOf('demo').apiKey, /^[0-9a-f]{64}$/);
});

test.run();
