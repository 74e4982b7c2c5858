import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRest } from '../../../services/recorder/rest.ts';
import { createTradeRefill } from '../../../services/recorder/trade-refill.ts';
import { createWeightBudget } from '../../../services/recorder/weight-budget.ts';
import { until } from '../../support/until.ts';
import { type Answer, startHttpAnswers } from './http-answers.ts';

const test = suite('services/recorder/trade-refill');

const element = (id: number) => `{"a":${id},"p":"1.50","q":"0.10"}`;
const page = (from: number, to: number, step = 1): Answer => {
  const elements: string[] = [];
  for (let id = from; id <= to; id += step) elements.push(element(id));
  return { body: `[${elements.join(',')}]` };
};

interface Limits {
  readonly timeoutMs?: number;
  readonly refillTradesMax?: number;
  readonly heldTradesMax?: number;
}

async function withRefill(
  answer: (from: number, limit: number, call: number) => Answer,
  run: (parts: {
    live: (id: number) => void;
    seen: string[];
    refill: ReturnType<typeof createTradeRefill>;
    urls: URL[];
  }) => Promise<void>,
  limits: Limits = {},
): Promise<void> {
  let call = 0;
  const server = await startHttpAnswers((url) =>
    answer(Number(url.searchParams.get('fromId')), Number(url.searchParams.get('limit')), call++),
  );
  const budget = createWeightBudget({ weightPerMinuteMax: 2_400 });
  const seen: string[] = [];
  const refill = createTradeRefill({
    symbol: 'BTCUSDT',
    rest: createRest({ baseUrl: server.baseUrl, testnet: false, budget, timeoutMs: 60_000 }),
    receiveTimeUs: () => 7,
    timeoutMs: 60_000,
    refillTradesMax: 10_000,
    heldTradesMax: 1_000,
    ...limits,
    log: () => undefined,
    onTrade: ({ id, payload }) => seen.push(payload === element(id) ? `rest ${id}` : `live ${id}`),
    onGap: (expected, found, reason) => seen.push(`${reason} ${expected}..${found}`),
  });
  const live = (id: number) => refill.accept({ id, payload: `live ${id}`, receiveTimeUs: id });
  try {
    await run({ live, seen, refill, urls: server.urls });
  } finally {
    refill.stop();
    await server.stop();
  }
}

test('an unbroken stream asks for nothing, and the first trade of a new log begins it', async () => {
  await withRefill(
    () => page(0, 0),
    async ({ live, seen, urls }) => {
      for (const id of [7, 8, 9, 9, 8]) live(id);
      assert.equal(
        seen,
        ['live 7', 'live 8', 'live 9', 'live 9', 'live 8'],
        'what is not new is for the log to refuse',
      );
      assert.is(urls.length, 0);
    },
  );
});

test('fills a hole with the exact elements of the answer before anything later goes on', async () => {
  await withRefill(
    (from, limit) => ({ ...page(from, from + limit - 1), delayMs: 100 }),
    async ({ live, seen }) => {
      live(1);
      live(4);
      live(5);
      assert.equal(seen, ['live 1']);
      await until('the held trades', () => seen.length === 5);
      assert.equal(seen, ['live 1', 'rest 2', 'rest 3', 'live 4', 'live 5']);
    },
  );
});

test('fills the hole between two runs, over several pages', async () => {
  await withRefill(
    (from, limit) => page(from, from + Math.min(limit, 400) - 1),
    async ({ live, seen, refill, urls }) => {
      refill.startAfter(10);
      live(1_500);
      await until('all trades', () => seen.length === 1_490);
      assert.equal([seen[0], seen[1_488], seen[1_489]], ['rest 11', 'rest 1499', 'live 1500']);
      assert.is(urls.length, 4);
      assert.is(refill.state().refilledTrades, 1_489);
    },
  );
});

test('a hole among the held trades is filled in its turn', async () => {
  await withRefill(
    (from, limit) => ({ ...page(from, from + limit - 1), delayMs: 50 }),
    async ({ live, seen }) => {
      for (const id of [1, 3, 6]) live(id);
      await until('all trades', () => seen.length === 6);
      assert.equal(seen, ['live 1', 'rest 2', 'live 3', 'rest 4', 'rest 5', 'live 6']);
    },
  );
});

test('takes each trade once from pages that overlap, are short, empty, or reach too far', async () => {
  const answers = [page(1, 0), page(1, 3), page(2, 4), page(4, 9)];
  await withRefill(
    () => answers.shift()!,
    async ({ live, seen }) => {
      live(1);
      live(7);
      await until('all trades', () => seen.length === 7);
      assert.equal(seen, ['live 1', 'rest 2', 'rest 3', 'rest 4', 'rest 5', 'rest 6', 'live 7']);
    },
  );
});

test('what the venue no longer has becomes a gap that says so, and the rest is filled', async () => {
  await withRefill(
    (from) => page(Math.max(from, 5), 6),
    async ({ live, seen }) => {
      live(1);
      live(7);
      await until('the end', () => seen.at(-1) === 'live 7');
      assert.equal(seen, ['live 1', 'refill-too-old 2..5', 'rest 5', 'rest 6', 'live 7']);
    },
  );
});

test('a venue whose oldest trade is after the hole gives a gap at once', async () => {
  await withRefill(
    () => page(50, 60),
    async ({ live, seen, urls }) => {
      live(1);
      live(7);
      await until('the end', () => seen.at(-1) === 'live 7');
      assert.equal(seen, ['live 1', 'refill-too-old 2..7', 'live 7']);
      assert.is(urls.length, 1);
    },
  );
});

test('a hole inside an answer is a gap, not a silent step', async () => {
  await withRefill(
    (from) => page(from, 6, 2),
    async ({ live, seen }) => {
      live(1);
      live(7);
      await until('the end', () => seen.at(-1) === 'live 7');
      assert.equal(seen, [
        'live 1',
        'rest 2',
        'refill-failed 3..4',
        'rest 4',
        'refill-failed 5..6',
        'rest 6',
        'live 7',
      ]);
    },
  );
});

test('a refusal, a venue that stays down and too many waiting trades end in a gap', async () => {
  const cases: [Answer, Limits, number[]][] = [
    [{ status: 400, body: '{"code":-1100}' }, {}, [7]],
    [{ status: 503, body: '' }, { timeoutMs: 300 }, [7]],
    [{ body: '[{"p":"1"}]' }, { timeoutMs: 300 }, [7]],
    [{ body: '[]' }, { heldTradesMax: 2 }, [7, 8, 9]],
  ];
  for (const [answer, limits, ids] of cases)
    await withRefill(
      () => answer,
      async ({ live, seen }) => {
        live(1);
        for (const id of ids) live(id);
        await until('the end', () => seen.at(-1) === `live ${ids.at(-1)}`);
        assert.equal(seen, ['live 1', 'refill-failed 2..7', ...ids.map((id) => `live ${id}`)]);
      },
      limits,
    );
});

test('a hole longer than the limit is not begun', async () => {
  await withRefill(
    () => page(0, 0),
    async ({ live, seen, urls }) => {
      live(1);
      live(20_000);
      await until('the end', () => seen.at(-1) === 'live 20000');
      assert.equal(seen, ['live 1', 'refill-too-old 2..20000', 'live 20000']);
      assert.is(urls.length, 0);
    },
  );
});

test.run();
