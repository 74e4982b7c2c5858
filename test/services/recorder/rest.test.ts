import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRest, RestError } from '../../../services/recorder/rest.ts';
import { createWeightBudget } from '../../../services/recorder/weight-budget.ts';
import { type Answer, startHttpAnswers } from './http-answers.ts';

const test = suite('services/recorder/rest');

async function withRest(
  answer: (url: URL) => Answer,
  run: (parts: {
    get: (weight?: number) => Promise<string>;
    failure: (weight?: number) => Promise<RestError>;
    budget: ReturnType<typeof createWeightBudget>;
    urls: URL[];
  }) => Promise<void>,
  timeoutMs = 60_000,
): Promise<void> {
  const server = await startHttpAnswers(answer);
  const budget = createWeightBudget({ weightPerMinuteMax: 100 });
  const rest = createRest({ baseUrl: server.baseUrl, testnet: false, budget, timeoutMs });
  const get = (weight = 20) => rest.get('fapi/v1/depth', { symbol: '测试USDT', limit: 1000 }, weight);
  const failure = async (weight = 20) => {
    const outcome = await get(weight).catch((error: unknown) => error);
    assert.instance(outcome, RestError);
    return outcome as RestError;
  };
  try {
    await run({ get, failure, budget, urls: server.urls });
  } finally {
    await server.stop();
  }
}

test('hands over the body exactly as it came, 64-bit ids and white space included', async () => {
  const body = '{ "lastUpdateId" : 8389766145050669870, "bids":[["1.50","0.100"]],\n"asks":[],"s":"测试" }';
  await withRest(
    () => ({ body }),
    async ({ get, urls }) => {
      assert.is(await get(), body);
      assert.is(urls[0]!.pathname, '/fapi/v1/depth');
      assert.equal(
        [...urls[0]!.searchParams],
        [
          ['symbol', '测试USDT'],
          ['limit', '1000'],
        ],
      );
    },
  );
});

test('counts the weight that the venue reports, also with a failure', async () => {
  const answers: Answer[] = [
    { body: '{}', headers: { 'X-MBX-USED-WEIGHT-1M': '61' } },
    { status: 503, body: '', headers: { 'X-MBX-USED-WEIGHT-1M': '70' } },
  ];
  await withRest(
    () => answers.shift()!,
    async ({ get, failure, budget }) => {
      await get();
      assert.is(budget.used(), 61);
      await failure(1);
      assert.is(budget.used(), 70);
    },
  );
});

test('429 obeys Retry-After, 418 stops everything, and neither is asked again meanwhile', async () => {
  for (const [status, name, retryAfterMs] of [
    [429, 'rate-limited', 7_000],
    [418, 'banned', 7_000],
  ] as const)
    await withRest(
      () => ({ status, body: '{"code":-1003,"msg":"Too many requests"}', headers: { 'Retry-After': '7' } }),
      async ({ failure, urls }) => {
        const askedMs = Date.now();
        const first = await failure();
        assert.equal([first.failure, first.retryAfterMs], [name, retryAfterMs]);
        const second = await failure();
        assert.is(second.failure, 'blocked');
        const passedMs = Date.now() - askedMs;
        assert.ok(second.retryAfterMs >= 7_000 - passedMs && second.retryAfterMs <= 7_000, `${second.retryAfterMs}`);
        assert.is(urls.length, 1, 'the second call never left');
      },
    );
});

test('a ban without Retry-After lasts two minutes, a limit one', async () => {
  for (const [status, waitMs] of [
    [418, 120_000],
    [429, 60_000],
  ] as const)
    await withRest(
      () => ({ status, body: '' }),
      async ({ failure }) => assert.is((await failure()).retryAfterMs, waitMs),
    );
});

test('the three 503 messages, a 502 page, HTML with status 200 and a cut body are failures that may pass', async () => {
  const answers: [Answer, string][] = [
    [
      { status: 503, body: '{"code":-1,"msg":"Unknown error, please check your request or try again later."}' },
      'unavailable',
    ],
    [{ status: 503, body: 'Service Unavailable.' }, 'unavailable'],
    [{ status: 503, body: '{"code":-1008,"msg":"Server is currently overloaded"}' }, 'unavailable'],
    [{ status: 502, body: '<html>Bad Gateway</html>' }, 'unavailable'],
    [{ body: '<html>maintenance</html>' }, 'not-json'],
    [{ body: '{"lastUpdateId":1,"bids":[[' }, 'not-json'],
    [{ body: '' }, 'not-json'],
    [{ status: 400, body: '{"code":-1121,"msg":"Invalid symbol."}' }, 'refused'],
    [{ status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }, 'refused'],
  ];
  for (const [answer, name] of answers)
    await withRest(
      () => answer,
      async ({ failure }) => {
        const error = await failure();
        assert.is(error.failure, name, error.message);
      },
    );
});

test('an answer that is late, and one that drips, are timeouts', async () => {
  await withRest(
    () => ({ body: '{}', delayMs: 120_000 }),
    async ({ failure }) => {
      const startMs = performance.now();
      assert.is((await failure()).failure, 'timeout');
      assert.ok(performance.now() - startMs < 60_000, 'not only when the answer comes');
    },
    300,
  );
});

test('says what the venue answered', async () => {
  await withRest(
    () => ({ status: 400, body: '{"code":-1121,"msg":"Invalid symbol."}' }),
    async ({ failure }) =>
      assert.is(
        (await failure()).message,
        'fapi/v1/depth: expected 200, found 400 {"code":-1121,"msg":"Invalid symbol."}',
      ),
  );
});

test.run();
