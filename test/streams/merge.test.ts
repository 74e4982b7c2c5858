import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Entry } from '../../streams/entry.ts';
import { type MergeSource, mergeReplays } from '../../streams/merge.ts';

const test = suite('streams/merge');

function entry(entryId: string, receiveTimeUs: number): Entry {
  return { entryId, traceparent: undefined, events: [{ channel: 'trade', payload: Buffer.from('{}'), receiveTimeUs }] };
}

async function* pagesOf(entries: readonly Entry[], pageEntries: number): AsyncGenerator<readonly Entry[]> {
  for (let at = 0; at < entries.length; at += pageEntries) yield entries.slice(at, at + pageEntries);
}

/** A source of entries `name-0`, `name-1`, … with these receive times. */
function source(name: string, timesUs: readonly number[], pageEntries = 2): MergeSource {
  const entries = timesUs.map((timeUs, i) => entry(`${name}-${i}`, timeUs));
  return { instrument: `simulated:${name}`, recording: 'live', pages: pagesOf(entries, pageEntries) };
}

async function merged(sources: readonly MergeSource[]): Promise<string[]> {
  const ids: string[] = [];
  for await (const { instrument, entry } of mergeReplays(sources)) {
    assert.is(instrument, `simulated:${entry.entryId.split('-')[0]}`);
    ids.push(entry.entryId);
  }
  return ids;
}

test('orders by receive time, equal times by the order of the sources', async () => {
  const ids = await merged([source('B', [1, 4, 4]), source('A', [1, 2, 4, 9]), source('C', [])]);
  assert.equal(ids, ['B-0', 'A-0', 'A-1', 'B-1', 'B-2', 'A-2', 'A-3']);
});

test('keeps the order of a log whose times go back', async () => {
  const ids = await merged([source('A', [5, 3, 6]), source('B', [4, 5, 6])]);
  assert.equal(ids, ['B-0', 'A-0', 'A-1', 'B-1', 'A-2', 'B-2']);
});

test('loses nothing, repeats nothing and does not depend on pages', async () => {
  const times = fc.array(fc.nat(50), { maxLength: 20 }).map((list) => list.sort((one, other) => one - other));
  await fc.assert(
    fc.asyncProperty(fc.array(times, { maxLength: 4 }), fc.integer({ min: 1, max: 5 }), async (lists, pageEntries) => {
      const sources = (pages: number) => lists.map((list, i) => source(String.fromCharCode(65 + i), list, pages));
      const all = lists.flatMap((list, i) =>
        list.map((timeUs, n) => ({ timeUs, i, id: `${String.fromCharCode(65 + i)}-${n}` })),
      );
      const expected = all.sort((one, other) => one.timeUs - other.timeUs || one.i - other.i).map(({ id }) => id);
      assert.equal(await merged(sources(pageEntries)), expected);
    }),
  );
});

test('ends the replays where the reader stops early', async () => {
  let ended = 0;
  async function* endless(): AsyncGenerator<readonly Entry[]> {
    try {
      for (let n = 0; ; n++) yield [entry(`A-${n}`, n)];
    } finally {
      ended++;
    }
  }
  const sources = ['A', 'B'].map((name) => ({ instrument: `simulated:${name}`, recording: 'live', pages: endless() }));
  for await (const _ of mergeReplays(sources)) break;
  assert.is(ended, 2);
});

test.run();
