import { gzipSync, zstdCompressSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { captureSource } from '../../../../services/venue/capture/capture-source.ts';
import { until } from '../../../support/until.ts';
import { connect, eventsOf, pause } from '../client.ts';
import {
  askDepth,
  captureText,
  FRAMES,
  isAsked,
  isDone,
  SNAPSHOT,
  START_US,
  trade,
  withCapture,
} from './capture-files.ts';

test('sends every frame as recorded, damaged ones too, each on its path', () =>
  withCapture({ 'a.txt': captureText(FRAMES) }, {}, async (venue) => {
    const open = await connect(`${venue.wsUrl}/public/stream?streams=btcusdt@depth@0ms`);
    const market = await connect(`${venue.wsUrl}/market/stream?streams=btcusdt@trade/btcusdt@markPrice@1s`);
    const bare = await connect(`${venue.wsUrl}/market/ws/btcusdt@trade`);
    const answer = askDepth(venue);
    await until('the request', () => isAsked(venue));
    venue.source.play();
    await until('the end of the recording', () => isDone(venue));
    await until(
      'all messages',
      () => open.messages.length + market.messages.length === FRAMES.length - 1 && bare.messages.length > 0,
    );
    assert.equal(
      open.messages,
      FRAMES.filter((frame) => frame.includes('@depth')),
    );
    assert.equal(
      market.messages,
      FRAMES.filter((frame) => /@trade|@markPrice/.test(frame)),
    );
    assert.is(bare.messages[0], FRAMES[1]!.slice(FRAMES[1]!.indexOf('"data":') + 7, -1));
    assert.is(await answer, SNAPSHOT);
  }));

test('gives the recorded snapshot in its place, and the kept book later', () =>
  withCapture({ 'a.txt': captureText(FRAMES) }, {}, async (venue) => {
    const client = await connect(`${venue.wsUrl}/public/stream?streams=btcusdt@depth@100ms`);
    const updatesSent = () => venue.state().streams['btcusdt@depth@100ms']?.sent;
    // Not over HTTP: on a slow machine the third update may overtake an answer there.
    const answer = new Promise((resolve) => {
      client.socket.once('message', () => {
        void venue.source.depth('BTCUSDT', 1000).then((text) => resolve([text, updatesSent()]));
      });
    });
    venue.source.play();
    assert.equal(await answer, [SNAPSHOT, 2], 'after two updates, before the third');
    await until('the end of the recording', () => isDone(venue));
    assert.equal(JSON.parse(await askDepth(venue)), {
      lastUpdateId: 40,
      E: 17,
      T: 16,
      bids: [['100.00', '2.500']],
      asks: [
        ['101.00', '3.000'],
        ['101.50', '4.000'],
      ],
    });
    assert.is(updatesSent(), 3);
    await until('the updates', () => eventsOf(client.messages, 'btcusdt@depth@100ms').length === 3);
  }));

test('a snapshot recorded before the first update waits for the request that follows it', () =>
  withCapture(
    { 'a.txt': captureText([SNAPSHOT, ...FRAMES.filter((frame) => frame.includes('@depth'))]) },
    { pace: 'max' },
    async (venue) => {
      const client = await connect(`${venue.wsUrl}/public/stream?streams=btcusdt@depth@0ms`);
      const answer = new Promise<string>((resolve) => client.socket.once('message', () => resolve(askDepth(venue))));
      venue.source.play();
      assert.is(await answer, SNAPSHOT);
      await until('the end of the recording', () => isDone(venue));
      await until('the updates', () => client.messages.length === 3);
    },
  ));

test('cuts the recorded snapshot to the limit asked for', () =>
  withCapture(
    { 'a.txt': captureText(FRAMES.map((frame) => (frame === SNAPSHOT ? manyLevels() : frame))) },
    {},
    async (venue) => {
      const answer = askDepth(venue, 5);
      await until('the request', () => isAsked(venue));
      venue.source.play();
      assert.is(JSON.parse(await answer).bids.length, 5);
    },
  ));

function manyLevels(): string {
  const bids = Array.from({ length: 9 }, (_, i) => [`${100 - i}.00`, '1.000']);
  return JSON.stringify({ lastUpdateId: 25, bids, asks: [] });
}

test('infers the instrument, and answers from what was played', () =>
  withCapture({ 'a.txt': captureText(FRAMES) }, { pace: 'max' }, async (venue) => {
    const get = async (path: string) => (await fetch(`${venue.restUrl}/fapi/v1${path}`)).json() as Promise<never>;
    const info = (await get('/exchangeInfo')) as {
      symbols: { symbol: string; baseAsset: string; filters: Record<string, string>[] }[];
    };
    assert.equal([info.symbols.length, info.symbols[0]!.symbol, info.symbols[0]!.baseAsset], [1, 'BTCUSDT', 'BTC']);
    const filter = (type: string) => info.symbols[0]!.filters.find(({ filterType }) => filterType === type)!;
    assert.equal([filter('PRICE_FILTER')['tickSize'], filter('LOT_SIZE')['stepSize']], ['0.50', '0.250']);
    assert.equal(await get('/aggTrades?symbol=BTCUSDT'), []);
    assert.is(((await get('/premiumIndex?symbol=BTCUSDT')) as { code: number }).code, -4108);
    venue.source.play();
    await until('the end of the recording', () => isDone(venue));
    const trades = (await get('/aggTrades?symbol=BTCUSDT')) as { a: number }[];
    assert.equal(trades[0], { a: 1, p: '100.50', q: '0.500', f: 1, l: 1, T: 1001, m: false });
    assert.equal(
      trades.map(({ a }) => a),
      [1, 2, 4],
      'the damaged one is not there',
    );
    assert.equal(
      ((await get('/aggTrades?symbol=BTCUSDT&fromId=2&limit=1')) as { a: number }[]).map(({ a }) => a),
      [2],
    );
    assert.is(((await get('/premiumIndex?symbol=BTCUSDT')) as { indexPrice: string }).indexPrice, '100.9');
    assert.equal(await get('/klines?symbol=BTCUSDT&interval=1m'), []);
  }));

test('plays at the recorded times, and as many times faster as asked', async () => {
  const text = captureText(
    FRAMES.filter((frame) => frame !== SNAPSHOT),
    200_000,
  );
  const played = async (pace: number): Promise<number> => {
    let tookMs = 0;
    await withCapture({ 'a.txt': text }, { pace }, async (venue) => {
      const startedAt = performance.now();
      venue.source.play();
      await until('the end of the recording', () => isDone(venue));
      tookMs = performance.now() - startedAt;
    });
    return tookMs;
  };
  const slow = await played(1);
  assert.ok(slow > 1395, `1.4 s at its own pace took ${slow} ms`);
  // A busy machine may hold one of them up, but not each.
  let fast = await played(8);
  for (let tries = 1; tries < 20 && fast >= 1000; tries++) fast = await played(8);
  assert.ok(fast > 170 && fast < 1000, `0.175 s at eight times the pace took ${fast} ms`);
});

test('begins a second after the last subscription', async () => {
  let isSeen = false;
  // On a slow machine the second subscription may come too late.
  for (let tries = 0; tries < 20 && !isSeen; tries++)
    await withCapture({ 'a.txt': captureText(FRAMES) }, { startWhen: 'subscribed' }, async (venue) => {
      const isPlaying = () => venue.source.state()['isPlaying'] === true;
      await pause(300);
      assert.is(isPlaying(), false);
      const client = await connect(`${venue.wsUrl}/market/stream`);
      await client.ask({ method: 'SUBSCRIBE', params: ['btcusdt@trade'], id: 1 });
      await pause(500);
      const secondAt = performance.now();
      await client.ask({ method: 'SUBSCRIBE', params: ['btcusdt@markPrice@1s'], id: 2 });
      if (isPlaying()) return;
      await until('the start', isPlaying);
      assert.ok(performance.now() - secondAt > 990, 'the second one made it wait anew');
      const isWhole = (text: string): boolean => text.endsWith('}}');
      await until('the whole trades', () => eventsOf(client.messages.filter(isWhole), 'btcusdt@trade').length === 3);
      isSeen = true;
    });
  assert.ok(isSeen, 'it waited for the second subscription');
});

test('merges packed files by receive time, in µs and ms too', () => {
  const ms = `${START_US / 1000 + 15} ${trade('ETHUSDT', 7, '20.01', '0.010')}\n`;
  const us = `${START_US + 5_000} ${trade('ETHUSDT', 6, '20.00', '0.010')}\n`;
  const files = { 'a.gz': gzipSync(captureText(FRAMES)), 'b.zst': zstdCompressSync(us), 'c.txt': ms };
  return withCapture(files, { pace: 'max' }, async (venue) => {
    assert.equal(
      venue.source.instruments.map(({ symbol }) => symbol),
      ['BTCUSDT', 'ETHUSDT'],
    );
    const client = await connect(`${venue.wsUrl}/market/stream?streams=btcusdt@trade/ethusdt@trade`);
    venue.source.play();
    await until('all trades', () => client.messages.length === 6);
    const order = client.messages.map((text) => /"t":(\d+)/.exec(text)?.[1] ?? 'damaged');
    assert.equal(order, ['6', '1', '7', '2', 'damaged', '4']);
  });
});

test('leaves out and counts what is no line of a recording', () =>
  withCapture({ 'a.txt': `nonsense\n${captureText(FRAMES)}123 {"stream"\n` }, { pace: 'max' }, async (venue) => {
    assert.is(venue.source.state()['unknownLines'], 2);
    venue.source.play();
    await until('the end of the recording', () => isDone(venue));
  }));

test('names the file that is missing or is no recording', async () => {
  const missing = await captureSource({ files: ['/nowhere/x.gz'], pace: 1, onError: () => {} }).catch(
    (error: Error) => error,
  );
  assert.match((missing as Error).message, /capture: \/nowhere\/x.gz does not exist/);
  const wrong = await withCapture({ 'a.gz': 'not packed' }, {}, async () => {}).catch((error: Error) => error);
  assert.match((wrong as Error).message, /capture: .*a.gz cannot be read: incorrect header check/);
  const empty = await withCapture({ 'a.txt': 'hello\n' }, {}, async () => {}).catch((error: Error) => error);
  assert.match((empty as Error).message, /has no frame of a stream, expected lines/);
});

test.run();
