import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBackoff } from '../../../services/recorder/backoff.ts';
import { createHandshakeBudget } from '../../../services/recorder/handshake-budget.ts';

const test = suite('services/recorder/handshake-budget');

const WINDOW_MS = 300_000;

test('lets no window see more attempts than the limit, however eager the callers', () => {
  let nowMs = 0;
  const budget = createHandshakeBudget({ handshakesMax: 60, windowMs: WINDOW_MS, nowMs: () => nowMs });
  const takenAtMs: number[] = [];
  for (; nowMs < 4 * WINDOW_MS; nowMs += 500) if (budget.take() === 0) takenAtMs.push(nowMs);
  for (const atMs of takenAtMs)
    assert.ok(takenAtMs.filter((other) => other > atMs - WINDOW_MS && other <= atMs).length <= 60, `window of ${atMs}`);
  assert.is(takenAtMs.length, 240, 'and uses what it may');
});

test('says how long to wait, and keeps its word', () => {
  let nowMs = 1_000;
  const budget = createHandshakeBudget({ handshakesMax: 1, windowMs: WINDOW_MS, nowMs: () => nowMs });
  assert.is(budget.take(), 0);
  nowMs += 10_000;
  const waitMs = budget.take();
  assert.is(waitMs, WINDOW_MS - 10_000);
  assert.is(budget.used(), 1);
  nowMs += waitMs;
  assert.is(budget.take(), 0);
});

test('two connections that back off through a 10-minute outage stay within it', () => {
  let nowMs = 0;
  const budget = createHandshakeBudget({ handshakesMax: 60, windowMs: WINDOW_MS, nowMs: () => nowMs });
  const links = [0, 1].map(() => ({ dueMs: 0, backoff: createBackoff({ firstMs: 250, maxMs: 30_000 }) }));
  let refused = 0;
  for (; nowMs < 600_000; nowMs += 50)
    for (const link of links) {
      if (nowMs < link.dueMs) continue;
      if (budget.take() > 0) refused++;
      link.dueMs = nowMs + link.backoff.next();
    }
  assert.is(refused, 0);
});

test.run();
