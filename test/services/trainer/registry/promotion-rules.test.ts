import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ForwardSession, forwardSum } from '../../../../services/trainer/registry/forward-test.ts';
import type { ModelRecord } from '../../../../services/trainer/registry/model-record.ts';
import { adjustedLow, brokenRules, type PromotionCase } from '../../../../services/trainer/registry/promotion-rules.ts';
import { stageHolders } from '../../../../services/trainer/registry/stage-holders.ts';
import { forwardSession, forwardTest, goodModel, pool } from './registry-rig.ts';

const test = suite('services/trainer/registry/promotion-rules');
const WEEK_MS = 7 * 86_400_000;
const FROM_MS = Date.UTC(2024, 5);

/** Of a good model with a good week behind it. */
function good(changes: Partial<PromotionCase> = {}): PromotionCase {
  const { lineage, tested } = goodModel(1);
  const { train, test: tests } = lineage;
  const record = { id: 'a', stage: 'paper', tested, train, test: tests } as Partial<ModelRecord> as ModelRecord;
  const forward = forwardTest(record, { fromMs: FROM_MS, toMs: FROM_MS + WEEK_MS });
  const onPaperSinceMs = FROM_MS;
  return { record, to: 'live', tries: 1, forward, onPaperSinceMs, nowMs: FROM_MS + WEEK_MS, ...changes };
}

const namesOf = (promotion: PromotionCase) => brokenRules(promotion).map(({ rule }) => rule);
const withFigures = (figures: Partial<ModelRecord['tested']['model']>): PromotionCase => {
  const { record } = good();
  return good({ record: { ...record, tested: { ...record.tested, model: { ...record.tested.model, ...figures } } } });
};
/** In place of the one session of a week. */
const withSessions = (...sessions: readonly Partial<ForwardSession>[]) =>
  good({ forward: { ...good().forward!, sessions: sessions.map(forwardSession) } });
const withForward = (changes: Partial<ForwardSession>) =>
  withSessions({ fromMs: FROM_MS, toMs: FROM_MS + WEEK_MS, ...changes });

test('a good model with a good week keeps every rule', () => {
  assert.equal(brokenRules(good()), []);
  assert.equal(brokenRules(good({ to: 'paper', forward: null })), []);
});

test('each rule is broken by what it is about, and by that alone', () => {
  const { record } = good();
  const fromMs = FROM_MS;
  const broken: readonly (readonly [string, PromotionCase])[] = [
    ['tested-later', good({ record: { ...record, test: { ...record.test, fromMs: record.train.toMs - 1 } } })],
    ['traded', withFigures({ filled: 0 })],
    ['survived', withFigures({ liquidations: 1 })],
    ['better-than-flat', withFigures({ total: 0 })],
    ['edge', withFigures({ sharpeInterval: { low: 0, high: 4, level: 0.95 } })],
    ['edge', withFigures({ sharpeInterval: null })],
    ['edge', good({ tries: 20 })],
    ['on-paper', good({ record: { ...record, stage: 'candidate' } })],
    ['forward-test', good({ forward: null })],
    ['forward-begin', good({ onPaperSinceMs: null })],
    ['forward-begin', good({ onPaperSinceMs: fromMs + 1 })],
    ['forward-end', good({ nowMs: fromMs + WEEK_MS - 1 })],
    ['forward-days', withForward({ toMs: fromMs + WEEK_MS - 60_000 })],
    ['forward-days', withForward({ haltedMs: 60_000 })],
    ['forward-decisions', withForward({ decisions: 99 })],
    ['forward-verified', withForward({ differences: 1 })],
    ['forward-traded', withForward({ fills: 0 })],
    ['forward-survived', withForward({ liquidations: 1 })],
    ['forward-loss', withForward({ equity: 9_499 })],
  ];
  for (const [rule, promotion] of broken) assert.equal(namesOf(promotion), [rule]);
  // A paper loss within what its test went through says nothing against it.
  assert.equal(brokenRules(withForward({ equity: 9_501 })), []);
});

test('sessions count together, and what lies between them does not', () => {
  const week = { fromMs: FROM_MS, toMs: FROM_MS + WEEK_MS };
  const [half, later] = [WEEK_MS / 2, 9 * WEEK_MS];
  const first = { fromMs: FROM_MS, toMs: FROM_MS + half, decisions: 60, equity: 9_750 };
  const second = { fromMs: FROM_MS + half + later, toMs: FROM_MS + WEEK_MS + later, decisions: 60, equity: 9_750 };
  const both = { ...withSessions(first, second), nowMs: second.toMs };
  assert.equal(namesOf(both), []);
  const { tradedMs, decisions, fills, total } = forwardSum(both.forward!);
  assert.equal([tradedMs, decisions, fills, total.toFixed(6)], [WEEK_MS, 120, 80, (0.975 ** 2 - 1).toFixed(6)]);
  assert.equal(namesOf({ ...withSessions(first), nowMs: second.toMs }), ['forward-days', 'forward-decisions']);
  // Each loses less than the deepest drawdown of the test, both together more.
  const losing = withSessions({ ...first, equity: 9_700 }, { ...second, equity: 9_700 });
  assert.equal(namesOf({ ...losing, nowMs: second.toMs }), ['forward-loss']);
  // What cannot be run again is no evidence for it, and still some against it.
  const gone = { ...first, decisions: 0, obstacle: 'the simulator has changed' };
  const unverified = { ...withSessions({ ...gone, equity: 12_000 }, second), nowMs: second.toMs };
  assert.equal(namesOf(unverified), ['forward-days', 'forward-decisions']);
  assert.match(brokenRules(unverified)[0]!.found, /^3\.50, beside 1 that cannot$/);
  assert.is(forwardSum(unverified.forward!).total.toFixed(3), '-0.025', 'what it gained does not count');
  const lost = withSessions(
    { ...gone, toMs: FROM_MS + 1, equity: 9_000 },
    { ...week, fromMs: FROM_MS + 1, toMs: week.toMs + 1 },
  );
  assert.equal(namesOf({ ...lost, nowMs: week.toMs + 1 }), ['forward-loss']);
});

test('the best of many must be better than the best of one', () => {
  const figures = { sharpe: 2, sharpeInterval: { low: 0.5, high: 3.5, level: 0.95 } };
  assert.is(Number(adjustedLow(figures, 1)!.toFixed(9)), 0.5);
  // Standard normal quantiles of 1 − 0.025/5 and 1 − 0.025: 2.5758 and 1.9600 (tables).
  assert.ok(Math.abs(adjustedLow(figures, 5)! - (2 - (1.5 * 2.5758) / 1.96)) < 1e-4);
  assert.is(adjustedLow({ sharpe: null, sharpeInterval: null }, 1), null);
});

test('a stage’s history says what a rollback comes back to', () => {
  const at = (
    model: string,
    kind: 'promote' | 'replace' | 'demote' | 'rollback',
    from: 'candidate' | 'paper' | 'live' | 'archived',
    to: typeof from,
  ) => ({ model, kind, from, to });
  const history = [
    at('a', 'promote', 'paper', 'live'),
    at('a', 'replace', 'live', 'archived'),
    at('b', 'promote', 'paper', 'live'),
    at('b', 'replace', 'live', 'archived'),
    at('c', 'promote', 'candidate', 'live'),
  ];
  assert.equal(stageHolders(history, 'live'), ['a', 'b', 'c']);
  assert.equal(stageHolders(history, 'paper'), [], 'who went on to live has left paper');
  const rolledBack = [...history, at('c', 'rollback', 'live', 'archived'), at('b', 'rollback', 'archived', 'live')];
  assert.equal(stageHolders(rolledBack, 'live'), ['a', 'b']);
  assert.equal(stageHolders([...rolledBack, at('b', 'demote', 'live', 'archived')], 'live'), ['a']);
  const again = [...rolledBack, at('b', 'replace', 'live', 'archived'), at('a', 'promote', 'archived', 'live')];
  assert.equal(stageHolders(again, 'live'), ['b', 'a'], 'one that comes again was there last');
});

test('ends', () => pool.end());

test.run();
