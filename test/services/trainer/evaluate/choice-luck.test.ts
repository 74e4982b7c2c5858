import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import { type ChoiceLuck, choiceLuck } from '../../../../services/trainer/evaluate/choice-luck.ts';
import { choiceSentence } from '../../../../services/trainer/evaluate/choice-text.ts';

const test = suite('services/trainer/evaluate/choice-luck');

function returns(seed: number, mean: number, count = 120): number[] {
  const { normal } = random(seed);
  return Array.from({ length: count }, () => mean + 0.01 * normal());
}

/** Of choices on several markets. */
function meanOf(choose: (market: number) => ChoiceLuck): { overfitting: number; deflated: number } {
  const found = Array.from({ length: 8 }, (_, market) => choose(1_000 * (market + 1)));
  const mean = (of: (luck: ChoiceLuck) => number): number => found.reduce((sum, luck) => sum + of(luck) / 8, 0);
  return { overfitting: mean((luck) => luck.overfitting!), deflated: mean((luck) => luck.deflatedSharpe!) };
}

test('among configurations without skill the best is luck; one with an edge is none', () => {
  const without = (market: number) => Array.from({ length: 20 }, (_, n) => returns(market + n, 0));
  const luck = meanOf((market) => choiceLuck(without(market)));
  assert.ok(luck.overfitting > 0.4 && luck.deflated < 0.7, JSON.stringify(luck));
  const skill = meanOf((market) => choiceLuck([...without(market), returns(market + 99, 0.006)]));
  assert.ok(skill.overfitting < 0.05 && skill.deflated > 0.95, JSON.stringify(skill));
});

test('looks at one training are alike, and so are worth fewer', () => {
  const [first, last] = [returns(1, 0.001), returns(2, 0.001)];
  const between = Array.from({ length: 10 }, (_, n) => first.map((value, t) => (value * (10 - n) + last[t]! * n) / 10));
  const { of, effective } = choiceLuck(between);
  assert.is(of, 10);
  assert.ok(effective > 1 && effective < 5, String(effective));
  assert.ok(choiceLuck(between.map((_, n) => returns(n + 1, 0))).effective > 9);
});

test('where there is nothing to choose from, or nothing moved, it is said', () => {
  assert.is(choiceLuck([]).overfitting, null);
  assert.match(choiceSentence(choiceLuck([returns(1, 0)]), 'looks'), /^The best of 1 looks: there was no choice\./);
  const flat = new Array<number>(120).fill(0);
  assert.match(choiceSentence(choiceLuck([flat, flat]), 'looks'), /never traded/);
  const few = choiceLuck([returns(1, 0, 10), returns(2, 0, 10)]);
  assert.is(few.overfitting, null);
  assert.match(choiceSentence(few, 'looks'), /too few periods/);
  // A ruin ends a list: behind it nothing is gained or lost.
  const ruined = choiceLuck([returns(1, 0.002), [...returns(2, 0).slice(0, 30), -1]]);
  assert.ok(ruined.overfitting !== null && ruined.overfitting < 0.5);
});

test.run();
