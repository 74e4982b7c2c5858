import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { createAppender } from '../../streams/append.ts';
import { listDeadLetters } from '../../streams/dead-letter.ts';
import type { EventToAppend } from '../../streams/entry.ts';
import { importEntryId } from '../../streams/id.ts';
import { testInstrument, testServers } from '../support/servers.ts';
import { linesOf, logOf } from './log-of.ts';
import { aggTrade, bookTicker, connected, depth, depthSnapshot, kline, markPrice } from './sample-events.ts';

const test = suite('streams/append-properties');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const RUNS = { numRuns: 60 };

/** The nth event of each channel; depth covers two update ids, so that neither end of it is mistaken for the other. */
const CHANNELS = [
  (n: number) => depth(n * 2, n * 2 + 2),
  (n: number) => aggTrade(n),
  (n: number) => bookTicker(n),
  (n: number) => markPrice(n),
  (n: number) => kline(n),
  (n: number) => depthSnapshot(n),
  (n: number) => connected(n),
];

/** A market as a feed with holes shows it: which channel speaks, and how many of its events were lost just before. */
const market = fc
  .array(
    fc.record({
      channel: fc.nat(CHANNELS.length - 1),
      lost: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(3)),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    const counts = CHANNELS.map(() => 0);
    return steps.map(({ channel, lost }) => {
      counts[channel]! += lost + 1;
      return CHANNELS[channel]!(counts[channel]!);
    });
  });

/** Cuts a list into pieces of these lengths, in turn. */
function pieces<Item>(items: readonly Item[], lengths: readonly number[]): Item[][] {
  const result: Item[][] = [];
  for (let at = 0, i = 0; at < items.length; i++) {
    const length = lengths[i % lengths.length]!;
    result.push(items.slice(at, at + length));
    at += length;
  }
  return result;
}

const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

/** What the log is to hold, told without the append function: every event once, a gap in front of each broken chain. */
function expectedLog(events: readonly EventToAppend[]): string[] {
  const last = new Map<string, number>();
  return events.flatMap((event) => {
    const { u, pu, a } = JSON.parse(event.payload.toString()) as Record<string, number>;
    const [line] = linesOf([event]);
    if (event.channel !== 'depth' && event.channel !== 'aggTrade') return [line!];
    const [expected, found] = event.channel === 'depth' ? [last.get('depth'), pu!] : [last.get('aggTrade'), a!];
    last.set(event.channel, event.channel === 'depth' ? u! : a! + 1);
    if (expected === undefined || expected === found) return [line!];
    const gap = { channel: event.channel, expected: String(expected), found: String(found), reason: 'sequence' };
    return [`gap ${JSON.stringify(gap)}`, line!];
  });
}

test('however it is cut into batches and sent again, the log is the same, every hole marked once', async () => {
  const resends = fc.array(fc.record({ after: fc.nat(60), from: fc.nat(60), count: fc.integer({ min: 1, max: 30 }) }), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(market, lengths, resends, async (events, cut, again) => {
      const instrument = testInstrument();
      const appender = createAppender({ redis, instrument });
      let sent = 0;
      for (const [i, batch] of pieces(events, cut).entries()) {
        await appender.append(batch);
        sent += batch.length;
        for (const { from, count } of again.filter(({ after }) => after === i)) {
          const repeated = events.slice(from % sent, Math.min((from % sent) + count, sent));
          assert.is((await appender.append(repeated)).appended, 0);
        }
      }
      assert.equal(await logOf(redis, instrument), expectedLog(events));
      assert.equal(await listDeadLetters(redis, instrument), []);
    }),
    RUNS,
  );
});

test('a recorder that lost its answers and sends all it kept, cut otherwise, adds only what is missing', async () => {
  await fc.assert(
    fc.asyncProperty(market, lengths, lengths, fc.nat(60), async (events, cut, recut, seen) => {
      const instrument = testInstrument();
      const appender = createAppender({ redis, instrument });
      for (const batch of pieces(events.slice(0, seen), cut)) await appender.append(batch);
      for (const batch of pieces(events, recut)) await appender.append(batch);
      assert.equal(await logOf(redis, instrument), expectedLog(events));
    }),
    RUNS,
  );
});

test('of two recorders that each miss something, the log has everything once or says where it is', async () => {
  const seenBy = fc.array(fc.constantFrom('both', 'both', 'one', 'other', 'nobody'), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(
      seenBy,
      lengths,
      lengths,
      fc.array(fc.boolean(), { minLength: 1 }),
      async (seen, cut, recut, turns) => {
        const instrument = testInstrument();
        const appender = createAppender({ redis, instrument });
        const all = seen.map((_, i) => depth(i * 2, i * 2 + 2));
        const of = (who: string) => all.filter((_, i) => seen[i] === who || seen[i] === 'both');
        const queues = [pieces(of('one'), cut), pieces(of('other'), recut)] as const;
        for (let i = 0; queues[0].length + queues[1].length > 0; i++) {
          const [mine, others] = turns[i % turns.length] ? queues : [queues[1], queues[0]];
          const batch = mine.shift() ?? others.shift();
          if (batch !== undefined) await appender.append(batch);
        }
        const log = await logOf(redis, instrument);
        const logged = log.filter((line) => line.startsWith('depth '));
        const logEvents = all.filter((event) => logged.includes(linesOf([event])[0]!));
        assert.equal(log, expectedLog(logEvents), 'in order, no event twice, each hole marked once');
        const kept = [
          ...logged,
          ...(await listDeadLetters(redis, instrument)).map(({ payload }) => `depth ${payload}`),
        ];
        const first = all.indexOf(logEvents[0]!);
        const received = all.filter((_, i) => seen[i] !== 'nobody' && i >= first);
        assert.equal(kept.sort(), linesOf(received).sort(), 'nothing received is dropped without a word');
      },
    ),
    RUNS,
  );
});

test('an import that is killed anywhere and begun anew gives the same log', async () => {
  await fc.assert(
    fc.asyncProperty(market, lengths, fc.array(fc.nat(60), { maxLength: 3 }), async (events, cut, kills) => {
      const instrument = testInstrument();
      const recording = '0123456789ab';
      let previous: string | undefined;
      const entries = pieces(events, cut).map((batch) => {
        previous = importEntryId(batch[0]!.receiveTimeUs, previous);
        return { entryId: previous, batch };
      });
      for (const until of [...kills, entries.length]) {
        const appender = createAppender({ redis, instrument, recording });
        for (const { entryId, batch } of entries.slice(0, until)) await appender.append(batch, { entryId });
      }
      assert.equal(await logOf(redis, instrument, recording), expectedLog(events));
    }),
    RUNS,
  );
});

test('closes', () => redis.disconnect());

test.run();
