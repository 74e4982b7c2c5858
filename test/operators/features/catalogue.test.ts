// time limit: 240 s
import { isDeepStrictEqual } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CATALOGUE } from '../../../operators/features/catalogue.ts';
import type { FeatureDefinition } from '../../../operators/features/definition.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { UNITS } from '../../../operators/features/unit.ts';
import { MADE_START_MS, madeInputs } from '../../../services/features/custom/made-inputs.ts';
import { type FeatureRun, runFeature } from '../../../services/features/custom/run-feature.ts';
import { usualParameters } from '../../../services/features/feature-text.ts';
import { BOOK_BREAK, gap } from '../market-events.ts';

const test = suite('operators/features/catalogue');

const SEED = 5;
/** In the middle of the made market, and of a minute. */
const BREAK_MS = MADE_START_MS + 5 * 3_600_000 + 20_000;
const MINUTE_MS = 60_000;

/** The made market with something lost in its middle. */
function* brokenInputs(lost: readonly FeatureInput[]): Generator<FeatureInput> {
  let isLost = false;
  for (const input of madeInputs(SEED)) {
    if (!isLost && 'transactionTimeMs' in input && input.transactionTimeMs >= BREAK_MS) {
      isLost = true;
      yield* lost;
    }
    yield input;
  }
}

const isSilent = (row: readonly (number | null)[]): boolean => row.every((value) => value === null);
const firstTime = ({ times, values }: FeatureRun, afterMs = 0): number =>
  times.find((time, n) => time > afterMs && !isSilent(values[n]!)) ?? Number.POSITIVE_INFINITY;

/** When it may speak first, of a market that begins (or is broken) at `sinceMs`. */
function earliest(definition: FeatureDefinition, sinceMs: number): number {
  const parameters = usualParameters(definition);
  const { count, of } = definition.warmUp(parameters);
  // The minute in which it begins is not whole.
  if (of === 'bars') return (Math.ceil(sinceMs / MINUTE_MS) + count) * MINUTE_MS;
  // Intervals are counted from the epoch: the warm-up is that of one that has just begun.
  return of === 'ms' ? sinceMs + count - (parameters['intervalMs'] ?? 0) : sinceMs;
}

test('has names of its own, sources, formulas and units', () => {
  const names = CATALOGUE.map(({ name }) => name);
  assert.is(new Set(names).size, names.length);
  for (const { name, title, formula, source, outputs, version } of CATALOGUE) {
    assert.match(name, /^[a-z][a-z0-9_]*$/);
    for (const text of [title, formula, source]) assert.ok(text.length > 3, `${name}: ${text}`);
    assert.ok(version >= 1);
    for (const { unit, says } of Object.values(outputs)) assert.ok(UNITS[unit] !== undefined && says !== '', name);
  }
});

for (const definition of CATALOGUE) {
  const { name, outputs } = definition;
  const whole = runFeature(definition, madeInputs(SEED), { isFrozen: true });
  const warmUp = definition.warmUp(usualParameters(definition));

  test(`${name} speaks in numbers of its range, from its warm-up on`, () => {
    assert.equal(whole.refused, []);
    assert.ok(Number.isFinite(firstTime(whole)), 'it speaks');
    const ranges = Object.values(outputs).map(({ range }) => range);
    for (const row of whole.values)
      for (const [n, value] of row.entries()) {
        const [least, greatest] = ranges[n]!;
        if (value === null) continue;
        assert.ok((least === null || value >= least) && (greatest === null || value <= greatest), `${value}`);
      }
    const first = firstTime(whole);
    const expected = earliest(definition, MADE_START_MS + 1);
    if (warmUp.of === 'bars' && warmUp.also === undefined) assert.is(first, expected);
    else assert.ok(first >= expected - 1, `at ${first}, expected ${expected} or later`);
  });

  test(`${name} says the same where its state is saved and taken up`, () => {
    const { values } = runFeature(definition, madeInputs(SEED), { saveEvery: isOfBars(definition) ? 37 : 997 });
    assert.ok(isDeepStrictEqual(values, whole.values));
  });

  test(`${name} is silent after a loss of what it depends on, and untouched by any other`, () => {
    const usesBook = definition.inputs.some((type) => type === 'topOfBook' || type === 'depthView');
    const usesTrades = definition.inputs.some((type) => type === 'trade' || type === 'bar');
    const usesOther = definition.inputs.includes('otherQuote');
    for (const [lost, isMeant] of [
      [[BOOK_BREAK], usesBook],
      [[gap('aggTrade')], usesTrades],
      [[{ type: 'otherBreak' }], usesOther],
      [[gap('kline_1m')], false],
    ] as const) {
      const run = runFeature(definition, brokenInputs(lost));
      const label = `${lost[0].type} ${isMeant}`;
      if (!isMeant) assert.ok(isDeepStrictEqual(run.values, whole.values), label);
      else if (warmUp.of !== 'quotes' || warmUp.count > 1)
        assert.ok(firstTime(run, BREAK_MS - 1) >= earliest(definition, BREAK_MS) - 1, label);
    }
  });
}

function isOfBars({ inputs }: FeatureDefinition): boolean {
  return inputs.includes('bar');
}

test.run();
