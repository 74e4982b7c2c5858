import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { createAppender } from '../../streams/append.ts';
import type { Entry } from '../../streams/entry.ts';
import { followMerged } from '../../streams/follow-merged.ts';
import { compareEntryIds, FIRST_ENTRY_ID } from '../../streams/id.ts';
import { LIVE, rawKey } from '../../streams/keys.ts';
import { type MergedEntry, mergePages, replayMerged } from '../../streams/merge.ts';
import { testInstrument, testServers } from '../support/servers.ts';
import { aggTrade } from './sample-events.ts';

const test = suite('streams/merge');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);

const entry = (entryId: string): Entry => ({ entryId, traceparent: undefined, events: [] });

async function* pagesOf(ids: readonly string[], pageEntries: number): AsyncGenerator<readonly Entry[]> {
  for (let at = 0; at < ids.length; at += pageEntries) yield ids.slice(at, at + pageEntries).map(entry);
}

async function textsOf(merged: AsyncIterable<readonly MergedEntry[]>): Promise<string[]> {
  const texts: string[] = [];
  for await (const page of merged) for (const { log, entry } of page) texts.push(`${log}: ${entry.entryId}`);
  return texts;
}

test('orders by the numbers of the ids, equal ones by the order of the logs', async () => {
  const logs = [['9-0', '10-1', '10-2'], ['8-0', '10-1', '10-2', '10-10'], []].map((ids) => pagesOf(ids, 2));
  const expected = ['1: 8-0', '0: 9-0', '0: 10-1', '1: 10-1', '0: 10-2', '1: 10-2', '1: 10-10'];
  assert.equal(await textsOf(mergePages(logs)), expected);
});

test('loses nothing, repeats nothing and does not depend on pages', async () => {
  const ids = fc
    .uniqueArray(fc.nat(50), { maxLength: 20 })
    .map((list) => list.sort((one, other) => one - other).map((ms) => `${ms}-0`));
  await fc.assert(
    fc.asyncProperty(fc.array(ids, { maxLength: 4 }), fc.integer({ min: 1, max: 5 }), async (logs, pageEntries) => {
      const all = logs.flatMap((list, log) => list.map((id) => ({ log, id })));
      all.sort((one, other) => compareEntryIds(one.id, other.id) || one.log - other.log);
      const merged = await textsOf(mergePages(logs.map((list) => pagesOf(list, pageEntries))));
      assert.equal(
        merged,
        all.map(({ log, id }) => `${log}: ${id}`),
      );
    }),
  );
});

test('ends the replays where the reader stops early', async () => {
  let ended = 0;
  async function* endless(): AsyncGenerator<readonly Entry[]> {
    try {
      for (let n = 0; ; n++) yield [entry(`${n}-0`)];
    } finally {
      ended++;
    }
  }
  for await (const _ of mergePages([endless(), endless()])) break;
  assert.is(ended, 2);
});

test('follows live logs in the order in which they are replayed, while both are written', async () => {
  const instruments = [testInstrument(), testInstrument()];
  const appenders = instruments.map((instrument) => createAppender({ redis, instrument, recording: LIVE }));
  const done = new AbortController();
  let written = 0;
  const write = async (): Promise<void> => {
    for (let n = 1; n <= 300; n++)
      for (const appender of n % 3 === 0 ? appenders.toReversed() : appenders) {
        await appender.append([aggTrade(n)]);
        written++;
      }
  };
  const writing = write();
  const followed: string[] = [];
  const logs = instruments.map((instrument) => ({ instrument, after: FIRST_ENTRY_ID }));
  for await (const { entries, trimmed } of followMerged({ redis, logs, pollMs: 1, signal: done.signal })) {
    for (const { log, entry } of entries) followed.push(`${log}: ${entry.entryId}`);
    assert.equal(trimmed, []);
    if (followed.length === 600) done.abort();
  }
  await writing;
  assert.is(written, 600);
  assert.equal(followed, await textsOf(replayMerged(instruments.map((instrument) => ({ redis, instrument })))));
});

test('says which log was trimmed past the reader', async () => {
  const instruments = [testInstrument(), testInstrument()];
  const ids: string[][] = [[], []];
  for (const [log, instrument] of instruments.entries()) {
    const appender = createAppender({ redis, instrument, recording: LIVE });
    for (let n = 1; n <= 3; n++) await appender.append([aggTrade(n)]);
    ids[log] = (await redis.xrange(rawKey(instrument, LIVE), '-', '+')).map(([id]) => id);
  }
  await redis.xtrim(rawKey(instruments[1]!, LIVE), 'MINID', ids[1]![2]!);
  const done = new AbortController();
  const logs = instruments.map((instrument, log) => ({ instrument, after: ids[log]![0]! }));
  const found: (readonly number[])[] = [];
  for await (const { trimmed } of followMerged({ redis, logs, pollMs: 1, signal: done.signal })) {
    found.push(trimmed);
    done.abort();
  }
  assert.equal(found[0], [1]);
});

test('closes', () => redis.disconnect());

test.run();
