import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { bookLevels } from '../../operators/book/book-levels.ts';
import { createOrderBook, evolveOrderBook } from '../../operators/book/order-book.ts';
import { type BookAt, bookAt } from '../../pipelines/book-at.ts';
import { createAppender } from '../../streams/append.ts';
import type { Entry, EventToAppend } from '../../streams/entry.ts';
import { DecodeError } from '../../streams/events/decode-error.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import { createScale } from '../../streams/events/scale.ts';
import { parseEntryId } from '../../streams/id.ts';
import { replay } from '../../streams/replay.ts';
import { seededRandom } from '../operators/market-events.ts';
import { BTCUSDT_2023, readCapture } from '../support/captures.ts';
import { testInstrument, testServers } from '../support/servers.ts';
import { entriesOf } from './derive.ts';
import { madeMarket } from './made-market.ts';

const test = suite('pipelines/book-at');

const { redisUrl } = await testServers('redis');
const RECORDING = 'b00ca7000001';

/** An import's log of these events, in a Redis of its own. */
async function withLog(
  events: readonly EventToAppend[],
  work: (log: {
    redis: Redis;
    instrument: string;
    entries: Entry[];
    at: (at: string | number, levels?: number) => Promise<BookAt>;
  }) => Promise<void>,
): Promise<void> {
  const redis = await connectRedis(redisUrl);
  try {
    const instrument = testInstrument();
    const appender = createAppender({ redis, instrument, recording: RECORDING });
    for (const { entryId, events: part } of entriesOf(events, [4, 1, 30])) await appender.append(part, { entryId });
    const entries: Entry[] = [];
    for await (const page of replay({ redis, instrument, recording: RECORDING })) entries.push(...page);
    const at = (moment: string | number, levels = 20) =>
      bookAt({ redis, instrument, recording: RECORDING, at: moment, levels });
    await work({ redis, instrument, entries, at });
  } finally {
    await redis.quit();
  }
}

interface FullBook {
  readonly invalidity: string | null;
  readonly bids: string[];
  readonly asks: string[];
  readonly timeMs: number;
  readonly updateId: number;
}

/** The book after each entry, of one run over the whole log. */
function fullRun(entries: readonly Entry[], levels: number): FullBook[] {
  const book = createOrderBook();
  const decoder = createDecoder();
  return entries.map(({ events }) => {
    for (const { channel, payload } of events) {
      try {
        evolveOrderBook(book, decoder.decode(channel, payload));
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        evolveOrderBook(book, { type: 'gap', channel, expected: null, found: null, reason: 'dead-letter' });
      }
    }
    const { bidTicks, bidSteps, askTicks, askSteps } = bookLevels(book, levels);
    const bids = textsOf(decoder.scale, bidTicks, bidSteps);
    const asks = textsOf(decoder.scale, askTicks, askSteps);
    return { invalidity: book.invalidity, bids, asks, timeMs: book.transactionTimeMs, updateId: book.updateId };
  });
}

function textsOf(scale: BookAt['scale'], ticks: Float64Array, steps: Float64Array): string[] {
  return scale === undefined
    ? []
    : Array.from(ticks, (tick, n) => `${scale.price.toNumber(tick)} ${scale.qty.toNumber(steps[n]!)}`);
}

function assertSame(found: BookAt, full: FullBook, entry: Entry): void {
  assert.is(found.entryId, entry.entryId);
  assert.is(found.invalidity, full.invalidity, entry.entryId);
  assert.is(found.receiveTimeUs, entry.events.at(-1)!.receiveTimeUs);
  const { bidTicks, bidSteps, askTicks, askSteps, updateId, transactionTimeMs } = found.levels;
  const isValid = full.invalidity === null;
  assert.equal(textsOf(found.scale, bidTicks, bidSteps), isValid ? full.bids : []);
  assert.equal(textsOf(found.scale, askTicks, askSteps), isValid ? full.asks : []);
  if (isValid) assert.equal([updateId, transactionTimeMs], [full.updateId, full.timeMs]);
}

test('the book of any instant is the one that a run over the whole log has there', async () => {
  await withLog(madeMarket({ seed: 5, events: 6_000 }), async ({ entries, at }) => {
    const books = fullRun(entries, 20);
    const random = seededRandom(9);
    const seen = new Set<string | null>();
    for (let n = 0; n < 120; n++) {
      const index = Math.floor(random() * entries.length);
      seen.add(books[index]!.invalidity);
      assertSame(await at(entries[index]!.entryId), books[index]!, entries[index]!);
    }
    assert.ok(seen.has(null) && seen.has('gap'));
  });
});

test(`so it is in ${BTCUSDT_2023.file}`, async () => {
  const events = readCapture(BTCUSDT_2023);
  if (events === undefined) return;
  await withLog(events, async ({ entries, at }) => {
    const books = fullRun(entries, 50);
    for (let index = 5; index < entries.length; index += 97) {
      assertSame(await at(entries[index]!.entryId, 50), books[index]!, entries[index]!);
    }
  });
});

test('an instant may be a time: then everything up to that millisecond is in it', async () => {
  await withLog(madeMarket({ seed: 6, events: 800, hasFaults: false }), async ({ entries, at }) => {
    const books = fullRun(entries, 20);
    for (const share of [0.3, 0.6, 0.99]) {
      const { ms } = parseEntryId(entries[Math.floor(share * entries.length)]!.entryId);
      const index = entries.findLastIndex(({ entryId }) => parseEntryId(entryId).ms <= ms);
      assertSame(await at(ms), books[index]!, entries[index]!);
    }
  });
});

test('where the log holds nothing up to then, it says so', async () => {
  await withLog(madeMarket({ events: 50 }), async ({ redis, instrument, entries, at }) => {
    const nothing = { invalidity: 'no-data', entryId: null, receiveTimeUs: null };
    const { scale: _, levels, ...before } = await at(parseEntryId(entries[0]!.entryId).ms - 1);
    assert.equal(before, nothing);
    assert.equal([...levels.bidTicks, ...levels.askTicks], []);
    const { invalidity } = await bookAt({ redis, instrument, at: '9999999999999-0', levels: 5 });
    assert.is(invalidity, 'no-data', 'the live recording, which is empty');
    assert.is((await at(entries[0]!.entryId)).invalidity, 'synchronising');
  });
});

test('a depth payload that was refused makes it invalid, not an error', async () => {
  const events = madeMarket({ seed: 7, events: 200, hasFaults: false });
  const index = events.findLastIndex(({ channel }) => channel === 'depth');
  const payload = String(events[index]!.payload).replace(/"(\d+\.\d)0"/, '"$15"');
  const changed = events.with(index, { ...events[index]!, payload });
  await withLog(changed, async ({ entries, at }) => {
    const last = entries.at(-1)!;
    assert.is((await at(last.entryId)).invalidity, 'gap');
    assertSame(await at(last.entryId), fullRun(entries, 20).at(-1)!, last);
  });
});

test('where the tick size was changed, it reads the book on the grid that held then', async () => {
  const market = madeMarket({ seed: 8, events: 3_000, hasFaults: false });
  const filters = [
    { filterType: 'PRICE_FILTER', tickSize: '0.05' },
    { filterType: 'LOT_SIZE', stepSize: '0.001' },
  ];
  // From the middle on prices lie between the old ticks; a snapshot follows, and far behind it another.
  const half = Math.floor(market.length / 2);
  const finer = market.map((event, n) =>
    n < half || !/^depth|aggTrade|bookTicker/.test(event.channel)
      ? event
      : { ...event, payload: String(event.payload).replaceAll(/"(\d{5}\.\d)0"/g, '"$15"') },
  );
  const changed = finer.toSpliced(half, 0, {
    channel: 'instrument',
    payload: JSON.stringify({ symbol: 'BTCUSDT', filters }),
    receiveTimeUs: market[half]!.receiveTimeUs,
  });
  await withLog(withSnapshots(changed, half, [half + 10, half + 900]), async ({ entries, at }) => {
    const books = fullRun(entries, 20);
    assert.is(books.at(-1)!.invalidity, null);
    for (let index = entries.length - 1; index > 100; index -= 37)
      assertSame(await at(entries[index]!.entryId), books[index]!, entries[index]!);
    assert.is((await at(entries.at(-1)!.entryId)).scale!.price.size, createScale('0.05', '1').price.size);
  });
});

/** Puts snapshots of what was told from `from` on behind the events at those places. */
function withSnapshots(events: readonly EventToAppend[], from: number, places: readonly number[]): EventToAppend[] {
  const sides = { b: new Map<string, string>(), a: new Map<string, string>() };
  return events.flatMap((event, index) => {
    if (event.channel !== 'depth' || index < from) return [event];
    const depth = JSON.parse(String(event.payload));
    for (const side of ['b', 'a'] as const)
      for (const [price, qty] of depth[side]) {
        if (Number(qty) === 0) sides[side].delete(price);
        else sides[side].set(price, qty);
      }
    const isDue = places.some(
      (place) => index >= place && !events.slice(place, index).some(({ channel }) => channel === 'depth'),
    );
    if (!isDue) return [event];
    const sorted = (side: Map<string, string>, sign: 1 | -1) =>
      [...side].sort(([one], [other]) => sign * (Number(one) - Number(other)));
    const payload = { lastUpdateId: depth.u, bids: sorted(sides.b, -1), asks: sorted(sides.a, 1) };
    return [event, { ...event, channel: 'depthSnapshot', payload: JSON.stringify(payload) }];
  });
}

test.run();
