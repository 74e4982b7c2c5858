import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSpool } from '../../../services/recorder/spool.ts';
import { createWriter } from '../../../services/recorder/writer.ts';
import { until } from '../../support/until.ts';

const test = suite('services/recorder/writer');

/** A log that takes batches when the test lets it, and keeps what it took. */
function gatedLog(batchEventsMax = 4, ready = Promise.resolve()) {
  const batches: string[][] = [];
  const attempts: string[][] = [];
  let failures = 0;
  let gate = Promise.resolve();
  let open = () => {};
  const spool = createSpool({ charactersMax: 1e9, eventsMax: 1e9, onFilling: () => {}, onFull: () => {} });
  const writer = createWriter<number>({
    async append(batch) {
      attempts.push(batch.map((event) => event.payload));
      await gate;
      if (failures-- > 0) throw new Error('LOADING Redis is loading the dataset in memory');
      batches.push(batch.map((event) => event.payload));
      return batch.length;
    },
    onAppended: () => {},
    ready,
    spool,
    batchEventsMax,
    log: () => {},
  });
  return {
    writer,
    spool,
    batches,
    attempts,
    push: (...payloads: string[]) => {
      for (const payload of payloads) writer.push({ channel: 'aggTrade', payload, receiveTimeUs: 1 });
    },
    close: () => {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
    fail: (count: number) => {
      failures = count;
    },
  };
}

/** Lets what was pushed go on its way: some turns of the event loop, however long they take. */
async function turn(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
}

test('what arrives in one turn is one batch, and a lone event is written at once', async () => {
  const { writer, batches, push } = gatedLog();
  push('a', 'b');
  await turn();
  push('c');
  assert.is(await writer.drain(60_000), 0);
  assert.equal(batches, [['a', 'b'], ['c']]);
});

test('what arrives while a batch is under way gathers in the next ones, bounded and in order', async () => {
  const { writer, batches, push, close, open } = gatedLog();
  close();
  push('a');
  await turn();
  push('b', 'c', 'd');
  await turn();
  push('e', 'f');
  open();
  await writer.drain(60_000);
  assert.equal(batches, [['a'], ['b', 'c', 'd', 'e'], ['f']]);
});

test('a batch that fails is sent again as it was, before anything later', async () => {
  const { writer, spool, batches, attempts, push, fail } = gatedLog();
  fail(2);
  push('a', 'b');
  await turn();
  push('c');
  assert.is(spool.events(), 3, 'the spool counts what is under way');
  assert.is(await writer.drain(60_000), 0);
  assert.equal(attempts.slice(0, 3), [
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
  assert.equal(batches, [['a', 'b'], ['c']]);
});

test('large payloads make smaller batches, and one above the limit goes alone', async () => {
  const { writer, batches, push } = gatedLog(100);
  const large = 'x'.repeat(600_000);
  const huge = 'y'.repeat(2_000_000);
  push(large, large, huge, 'a', 'b');
  await writer.drain(60_000);
  assert.equal(
    batches.map((batch) => batch.map((payload) => payload.length)),
    [[600_000], [600_000], [2_000_000], [1, 1]],
  );
});

test('draining gives up in time and says how much is left', async () => {
  const { writer, push, close } = gatedLog();
  close();
  push('a', 'b');
  assert.is(await writer.drain(50), 2);
  await until('a stall', () => writer.stalledMs() > 30);
  writer.stop();
});

test('nothing is written before the writer is ready, and a moot event not at all', async () => {
  let start = () => {};
  const ready = new Promise<void>((resolve) => {
    start = resolve;
  });
  const { writer, spool, batches, push } = gatedLog(4, ready);
  let isMoot = false;
  push('a');
  for (const payload of ['gap', 'other gap'])
    writer.push({ channel: 'gap', payload, receiveTimeUs: 1, isMoot: () => isMoot && payload === 'gap' });
  await turn();
  assert.equal(batches, []);
  isMoot = true;
  start();
  assert.is(await writer.drain(60_000), 0);
  assert.equal(batches, [['a', 'other gap']]);
  assert.is(spool.events(), 0);
});

test.run();
