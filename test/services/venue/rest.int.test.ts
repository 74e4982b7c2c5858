import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { weightBudget } from '../../../services/venue/rest/weight.ts';
import { startVenue, type Venue, type VenueOptions } from '../../../services/venue/venue.ts';
import { until } from '../../support/until.ts';
import { LATEST } from './client.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown> & unknown[];
}

async function get(venue: Venue, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(venue.restUrl + path, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

async function withVenue(options: VenueOptions, body: (venue: Venue) => Promise<void>): Promise<void> {
  const venue = await startVenue({ symbols: ['BTCUSDT'], pace: 5, ...options });
  try {
    await body(venue);
  } finally {
    await venue.close();
  }
}

test("refuses wrong parameters with Binance's codes", () =>
  withVenue({}, async (venue) => {
    const wrong: [string, number, number][] = [
      ['/depth', 400, -1102],
      ['/depth?symbol=', 400, -1102],
      ['/depth?symbol=btcusdt', 400, -1121],
      ['/depth?symbol=BTCUSDT&limit=7', 400, -4021],
      ['/depth?symbol=BTCUSDT&limit=x', 400, -1102],
      ['/aggTrades?symbol=BTCUSDT&limit=1001', 400, -1130],
      ['/aggTrades?symbol=BTCUSDT&limit=0', 400, -1130],
      ['/aggTrades?symbol=BTCUSDT&fromId=-1', 400, -1102],
      ['/aggTrades?symbol=BTCUSDT&fromId=1&startTime=1', 400, -1128],
      ['/aggTrades?symbol=BTCUSDT&startTime=5&endTime=4', 400, -1023],
      ['/aggTrades?symbol=BTCUSDT&startTime=0&endTime=3600001', 400, -1127],
      ['/klines?symbol=BTCUSDT', 400, -1102],
      ['/klines?symbol=BTCUSDT&interval=1s', 400, -1120],
      ['/klines?symbol=BTCUSDT&interval=1m&limit=1501', 400, -1130],
      ['/premiumIndex?symbol=DOGE', 400, -1121],
      ['/openInterest', 400, -1102],
      ['/order', 401, -2014],
      ['/nothing', 404, -5000],
    ];
    for (const [path, status, code] of wrong) {
      const answer = await get(venue, `/fapi/v1${path}`);
      assert.equal([answer.status, answer.body['code']], [status, code], path);
      assert.type(answer.body['msg'], 'string');
    }
    assert.is((await get(venue, '/fapi/v1/depth?symbol=BTCUSDT', { method: 'POST' })).status, 404);
    assert.is((await get(venue, '/fapi/v1/listenKey', { method: 'POST' })).body['code'], -2014);
  }));

test('weighs requests as Binance does and says so in a header', () =>
  withVenue({ weightWindowMs: 3_600_000 * 24 * 365 }, async (venue) => {
    const weights: [string, number][] = [
      ['/ping', 1],
      ['/time', 1],
      ['/exchangeInfo', 1],
      ['/depth?symbol=BTCUSDT&limit=5', 2],
      ['/depth?symbol=BTCUSDT&limit=50', 2],
      ['/depth?symbol=BTCUSDT&limit=100', 5],
      ['/depth?symbol=BTCUSDT', 10],
      ['/depth?symbol=BTCUSDT&limit=1000', 20],
      ['/aggTrades?symbol=BTCUSDT', 20],
      ['/klines?symbol=BTCUSDT&interval=1m&limit=99', 1],
      ['/klines?symbol=BTCUSDT&interval=1m&limit=499', 2],
      ['/klines?symbol=BTCUSDT&interval=1m&limit=1000', 5],
      ['/klines?symbol=BTCUSDT&interval=1m&limit=1500', 10],
      ['/premiumIndex?symbol=BTCUSDT', 1],
      ['/premiumIndex', 10],
      ['/fundingRate?symbol=BTCUSDT', 0],
      ['/fundingInfo', 0],
      ['/openInterest?symbol=BTCUSDT', 1],
    ];
    let used = 0;
    for (const [path, weight] of weights) {
      const { status, headers } = await get(venue, `/fapi/v1${path}`);
      used += weight;
      assert.equal([status, Number(headers.get('x-mbx-used-weight-1m'))], [200, used], path);
    }
  }));

test('answers 429 with Retry-After above the limit, and 418 to those who go on', () =>
  withVenue({ weightLimit: 45, weightWindowMs: 3_600_000 * 24 * 365 }, async (venue) => {
    const path = '/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1';
    assert.equal([(await get(venue, path)).status, (await get(venue, path)).status], [200, 200]);
    const refused = await get(venue, path);
    assert.equal([refused.status, refused.body['code']], [429, -1003]);
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
    for (let i = 0; i < 19; i++) assert.is((await get(venue, path)).status, 429);
    const banned = await get(venue, path);
    assert.equal([banned.status, banned.body['code']], [418, -1003]);
    assert.match(String(banned.body['msg']), /banned until \d{13}/);
    assert.is((await get(venue, '/fapi/v1/ping')).status, 418, 'a ban is for every request');
    assert.equal(venue.state().rest.statuses, { 200: 2, 418: 2, 429: 20 });
  }));

test('forgets the weight at the end of its minute, and a ban when it is over', () => {
  let nowMs = 60_000;
  const budget = weightBudget(10, 60_000, () => nowMs);
  budget.spend(10);
  assert.throws(() => budget.spend(1), /Too many requests/);
  assert.is(budget.retryAfterSeconds(), 60);
  nowMs += 59_500;
  assert.is(budget.retryAfterSeconds(), 1);
  nowMs += 500;
  assert.is(budget.used(), 0);
  budget.spend(10);
  for (let i = 0; i < 20; i++) assert.throws(() => budget.spend(1), /Too many requests/);
  assert.throws(() => budget.spend(1), /banned until/);
  nowMs += 119_000;
  assert.throws(() => budget.spend(1), /banned until/);
  nowMs += 1_000;
  budget.spend(1);
});

test('pages through aggTrades by id and by time without a hole', () =>
  withVenue({ pace: 20 }, async (venue) => {
    const kept = (): unknown[] => JSON.parse(venue.source.aggTrades('BTCUSDT', { ...LATEST, limit: 60 }));
    await until('60 trades', () => kept().length === 60);
    const path = '/fapi/v1/aggTrades?symbol=BTCUSDT';
    // From the oldest on: without an id it would be the last thousand.
    const all = (await get(venue, `${path}&fromId=1&limit=1000`)).body as unknown as {
      a: number;
      f: number;
      l: number;
      T: number;
    }[];
    assert.ok(all.length > 50, `${all.length} aggregates`);
    const first = all[0]!;
    const paged: typeof all = [];
    for (let fromId = first.a; paged.length < all.length; ) {
      const page = (await get(venue, `${path}&fromId=${fromId}&limit=17`)).body as unknown as typeof all;
      paged.push(...page);
      fromId = page.at(-1)!.a + 1;
    }
    assert.equal(paged.slice(0, all.length), all);
    all.slice(1).forEach((trade, i) => {
      assert.is(trade.a, all[i]!.a + 1);
      assert.is(trade.f, all[i]!.l + 1);
    });
    const middle = all[Math.floor(all.length / 2)]!;
    const since = (await get(venue, `${path}&startTime=${middle.T}&limit=5`)).body as unknown as typeof all;
    assert.ok(since.every(({ T }) => T >= middle.T));
    assert.is(since[0]!.a, all.find(({ T }) => T >= middle.T)!.a);
    const upTo = (await get(venue, `${path}&endTime=${middle.T}&limit=5`)).body as unknown as typeof all;
    assert.is(upTo.at(-1)!.a, all.filter(({ T }) => T <= middle.T).at(-1)!.a);
    assert.equal(
      (await get(venue, `${path}&fromId=${first.a - 1_000_000}&limit=1`)).body,
      [first],
      'an id of long ago gives the oldest there is',
    );
    assert.equal((await get(venue, `${path}&fromId=${all.at(-1)!.a + 1_000_000}`)).body, []);
    const [newest] = (await get(venue, `${path}&limit=1`)).body as unknown as typeof all;
    assert.ok(newest!.a >= all.at(-1)!.a, 'without an id the last ones');
  }));

test('answers funding history across restarts, and klines of every interval', () =>
  withVenue({}, async (venue) => {
    const path = `/fapi/v1/fundingRate?symbol=BTCUSDT&limit=4&endTime=${Date.now()}`;
    const rates = (await get(venue, path)).body;
    assert.is(rates.length, 4);
    const other = await startVenue({ symbols: ['BTCUSDT'], pace: 5 });
    assert.equal((await get(other, path)).body, rates);
    await other.close();
    await until('a bar', () => venue.source.klines('BTCUSDT', '1m', { ...LATEST, limit: 1 }) !== '[]');
    const startedMs = Number(venue.source.state()['anchorMs']);
    for (const interval of ['1m', '1h', '1d', '3d', '1w', '1M']) {
      const [bar] = (await get(venue, `/fapi/v1/klines?symbol=BTCUSDT&interval=${interval}`))
        .body as unknown as (string & number)[][];
      assert.ok(bar![0]! <= Date.now() && bar![6]! >= startedMs, `${interval} holds now`);
      if (interval === '1w') assert.is(new Date(bar![0]!).getUTCDay(), 1, 'weeks open on Monday');
      if (interval === '1M') assert.is(new Date(bar![6]! + 1).getUTCDate(), 1, 'months end with their last day');
    }
  }));

test.run();
