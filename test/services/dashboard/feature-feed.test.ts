import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answer } from '../../../services/dashboard/src/api/client.ts';
import type { ComputedSample } from '../../../services/dashboard/src/market/computed.ts';
import { createFeatureFeed, type FeedOptions } from '../../../services/dashboard/src/market/feature-feed.ts';

const now = (task: () => void) => task();
const RSI = {
  name: 'rsi',
  parameters: { period: 14 },
  interval: '1m',
  other: null,
  isCustom: false,
  isShown: true,
} as const;
const FIRST_MS = 1_700_000_000_000;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A feed whose questions are answered, and whose pauses end, when the test says so. */
function watched(options: Partial<FeedOptions> = {}) {
  const asked: { url: URL; answer: (found: Answer<unknown>) => Promise<void> }[] = [];
  const pauses: { ms: number; end: () => Promise<void> }[] = [];
  const real = globalThis.setTimeout;
  // The pauses of the feed alone pass through here: nothing else in these tests waits for a timer.
  Object.assign(globalThis, {
    setTimeout: (task: () => void, ms: number) => {
      pauses.push({
        ms,
        end: () => {
          task();
          return turn();
        },
      });
      return 0;
    },
  });
  const refused: string[] = [];
  const feed = createFeatureFeed({
    instrument: 'simulated:BTCUSDT',
    added: RSI,
    outputs: 1,
    periodMs: 5_000,
    firstMs: () => FIRST_MS,
    isSeen: () => true,
    onImpossible: () => refused.push('impossible'),
    schedule: now,
    ask: (path, read) =>
      new Promise((resolve) => {
        asked.push({
          url: new URL(path, 'http://don'),
          answer: (found) => {
            resolve(found.isOk ? { isOk: true, value: read(found.value) } : found);
            return turn();
          },
        });
      }),
    ...options,
  });
  const end = () => {
    feed.close();
    Object.assign(globalThis, { setTimeout: real });
  };
  return { feed, asked, pauses, refused, end };
}

const rows = (...items: (number | null)[][]): Answer<unknown> => ({ isOk: true, value: { items } });
const failure = (status: number, detail = '', field: string | null = null): Answer<unknown> => ({
  isOk: false,
  problem: {
    status,
    title: 'No',
    detail,
    requestId: null,
    errors: field === null ? [] : [{ field, expected: '', found: null }],
  },
});
const minute = (at: number): number => (FIRST_MS + at * 60_000) * 1_000;
const valuesOf = (samples: readonly ComputedSample[]) => samples.map(({ timeS, values }) => [timeS, ...values]);

test('the span is asked for first, then what is new from the last row on', async () => {
  const { feed, asked, pauses, end } = watched();
  const [first] = asked;
  assert.is(first?.url.pathname, '/simulated:BTCUSDT/features/rsi');
  assert.equal(Object.fromEntries(first!.url.searchParams), {
    parameters: 'period:14',
    interval: '1m',
    from: new Date(FIRST_MS).toISOString(),
  });
  await first!.answer(rows([minute(1), null], [minute(2), 40]));
  assert.is(feed.state.get().kind, 'live');
  assert.equal(
    pauses.map(({ ms }) => ms),
    [5_000],
  );
  await pauses[0]!.end();
  assert.is(asked[1]?.url.searchParams.get('from'), new Date(minute(2) / 1_000).toISOString());
  await asked[1]!.answer(rows([minute(2), 41], [minute(3), 50]));
  const openS = (at: number) => Math.floor((minute(at) / 1_000_000 - 1) / 60) * 60;
  assert.equal(valuesOf(feed.samples.get()), [
    [openS(1), null],
    [openS(2), 41],
    [openS(3), 50],
  ]);
  end();
});

test('what is streamed before and between the answers takes nothing from what is asked for', async () => {
  const { feed, asked, pauses, end } = watched();
  const streamed = (at: number) => ({ timeS: at, atUs: minute(90), values: [at] });
  feed.samples.put(streamed(FIRST_MS / 1_000 + 90 * 60));
  await asked[0]!.answer(rows([minute(1), 1], [minute(2), 2]));
  feed.samples.put(streamed(FIRST_MS / 1_000 + 91 * 60));
  await pauses[0]!.end();
  assert.is(asked[1]?.url.searchParams.get('from'), new Date(minute(2) / 1_000).toISOString());
  await asked[1]!.answer(rows([minute(2), 2], [minute(3), 3]));
  assert.is(feed.samples.get().length, 5, 'history is put beneath');
  end();
});

test('the second instrument is told, and one that cannot be is given up', async () => {
  const { asked, refused, end } = watched({ added: { ...RSI, other: 'simulated:ETHUSDT' } });
  assert.is(asked[0]?.url.searchParams.get('other'), 'simulated:ETHUSDT');
  await asked[0]!.answer(failure(400, 'other: expected a known instrument', 'other'));
  assert.equal(refused, ['impossible']);
  end();
});

test('one question at a time, whoever wakes it', async () => {
  const { feed, asked, pauses, end } = watched();
  feed.wake();
  feed.wake();
  assert.is(asked.length, 1);
  await asked[0]!.answer(rows());
  assert.is(pauses.length, 1);
  feed.wake();
  assert.is(asked.length, 2, 'it rested');
  end();
});

test('nothing is asked while the page is hidden, nor before the span is known', async () => {
  let isSeen = false;
  let firstMs: number | null = null;
  const { feed, asked, pauses, end } = watched({ isSeen: () => isSeen, firstMs: () => firstMs });
  assert.equal([asked.length, pauses.length], [0, 0]);
  isSeen = true;
  feed.wake();
  assert.equal([asked.length, pauses.length], [0, 1], 'it looks again');
  firstMs = FIRST_MS;
  await pauses[0]!.end();
  assert.is(asked.length, 1);
  isSeen = false;
  await asked[0]!.answer(rows());
  await pauses[1]!.end();
  assert.is(asked.length, 1);
  end();
});

test('a failure is told, asked again with growing pauses, and forgotten when it is over', async () => {
  const { feed, asked, pauses, end } = watched({ periodMs: 2_000 });
  for (let at = 0; at < 5; at++) {
    await asked[at]!.answer(failure(at % 2 === 0 ? 429 : 503, 'busy'));
    const state = feed.state.get();
    assert.is(state.kind === 'failed' && state.problem.detail, 'busy');
    await pauses[at]!.end();
  }
  assert.equal(
    pauses.map(({ ms }) => ms),
    [2_000, 4_000, 8_000, 15_000, 15_000],
  );
  await asked[5]!.answer(rows([minute(1), 60]));
  assert.is(feed.state.get().kind, 'live');
  await pauses[5]!.end();
  await asked[6]!.answer(failure(0));
  assert.equal([pauses[5]!.ms, pauses[6]!.ms], [2_000, 2_000], 'it begins anew');
  assert.is(feed.samples.get().length, 1, 'what was there stays');
  end();
});

test('nothing recorded is no failure; parameters that cannot be are, and for good', async () => {
  const { feed, asked, pauses, refused, end } = watched();
  await asked[0]!.answer(failure(404));
  assert.is(feed.state.get().kind, 'live');
  await pauses[0]!.end();
  await asked[1]!.answer(
    failure(400, 'parameters, period: expected a whole number of bars from 1 to 10, found 14', 'parameters'),
  );
  assert.equal(refused, ['impossible']);
  assert.is(pauses.length, 1, 'it is not asked again');
  end();
});

test('a closed feed takes nothing and asks no more', async () => {
  const { feed, asked, pauses, end } = watched();
  feed.close();
  await asked[0]!.answer(rows([minute(1), 5]));
  feed.wake();
  assert.equal([feed.samples.get().length, pauses.length, asked.length], [0, 0, 1]);
  end();
});

test.run();
