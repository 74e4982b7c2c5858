import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDepthSync } from '../../../services/recorder/depth-sync.ts';
import { createRest } from '../../../services/recorder/rest.ts';
import { createWeightBudget } from '../../../services/recorder/weight-budget.ts';
import { until } from '../../support/until.ts';
import { type Answer, startHttpAnswers } from './http-answers.ts';

const test = suite('services/recorder/depth-sync');

const snapshot = (lastUpdateId: number | string): Answer => ({
  body: `{"lastUpdateId":${lastUpdateId},"bids":[],"asks":[]}`,
});

async function withSync(
  answer: (call: number) => Answer,
  run: (parts: { sync: ReturnType<typeof createDepthSync>; texts: string[]; urls: URL[] }) => Promise<void>,
  everyMs = 600_000,
): Promise<void> {
  let call = 0;
  const server = await startHttpAnswers(() => answer(call++));
  const budget = createWeightBudget({ weightPerMinuteMax: 2_400 });
  const rest = createRest({ baseUrl: server.baseUrl, testnet: false, budget, timeoutMs: 60_000 });
  const texts: string[] = [];
  const sync = createDepthSync({
    symbol: 'BTCUSDT',
    rest,
    everyMs,
    log: () => undefined,
    onSnapshot: (text) => texts.push(text),
  });
  try {
    await run({ sync, texts, urls: server.urls });
  } finally {
    sync.stop();
    await server.stop();
  }
}

test('asks only when the first diff after the break is known', async () => {
  await withSync(
    () => snapshot(100),
    async ({ sync, texts, urls }) => {
      sync.need();
      await sleep(100);
      assert.is(urls.length, 0);
      sync.sawDiff(105, 100);
      await until('a snapshot', () => texts.length === 1);
      assert.equal([urls[0]!.searchParams.get('symbol'), urls[0]!.searchParams.get('limit')], ['BTCUSDT', '1000']);
      assert.is(sync.state().isSynchronising, false);
    },
  );
});

test('asks again for a snapshot that is older than the first diff, and takes one that lies between two', async () => {
  const ids = [90, 99, 103];
  await withSync(
    () => snapshot(ids.shift()!),
    async ({ sync, texts }) => {
      sync.need(100);
      await until('a snapshot', () => texts.length === 1);
      assert.match(texts[0]!, '"lastUpdateId":103');
      assert.is(sync.state().staleSnapshots, 2);
    },
  );
});

test('a gap that comes up while an answer is under way asks for a newer one', async () => {
  const told = Promise.withResolvers<void>();
  const answers = [{ ...snapshot(150), after: told.promise }, snapshot(250)];
  await withSync(
    () => answers.shift()!,
    async ({ sync, texts, urls }) => {
      sync.need(100);
      await until('the first question', () => urls.length === 1);
      sync.need(200);
      told.resolve();
      await until('a snapshot', () => texts.length === 1);
      assert.match(texts[0]!, '"lastUpdateId":250');
      assert.is(urls.length, 2);
    },
  );
});

test('a gap that is told late needs no second snapshot where one lies behind it, and one where it does not', async () => {
  await withSync(
    () => snapshot(150),
    async ({ sync, texts, urls }) => {
      sync.need();
      sync.sawDiff(145, 140);
      await until('a snapshot', () => texts.length === 1);
      sync.need(140);
      await sleep(50);
      assert.is(urls.length, 1, 'the snapshot is behind the diff that follows the gap');
      sync.need(145);
      await until('another', () => texts.length === 2);
    },
  );
});

test('goes on after failures and answers without an id', async () => {
  const answers: Answer[] = [
    { status: 503, body: '' },
    { body: '<html>' },
    snapshot('"x"'),
    snapshot('8389766145050669870'),
    snapshot(5),
  ];
  await withSync(
    () => answers.shift()!,
    async ({ sync, texts, urls }) => {
      sync.need(1);
      await until('a snapshot', () => texts.length === 1);
      assert.is(urls.length, 5);
    },
  );
});

test('refreshes by itself, with snapshots not older than the diffs, and gives a stale refresh up', async () => {
  let lastUpdateId = 10;
  await withSync(
    () => snapshot(lastUpdateId),
    async ({ sync, texts, urls }) => {
      sync.need(10);
      await until('the first snapshot', () => texts.length >= 1);
      sync.sawDiff(20, 10);
      lastUpdateId = 20;
      await until('a refresh', () => texts.at(-1)!.includes('20'));
      sync.sawDiff(30, 20);
      const asked = urls.length;
      // One that was under way may still be taken.
      await until('the next but one', () => urls.length >= asked + 2);
      const taken = texts.length;
      await until('stale refreshes', () => urls.length > asked + 6);
      assert.is(texts.length, taken, 'none of them was taken');
      assert.is(sync.state().isSynchronising, false);
    },
    100,
  );
});

test.run();
