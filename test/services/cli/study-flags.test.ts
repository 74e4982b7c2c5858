import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { specOfFlags } from '../../../services/cli/study-flags.ts';

const test = suite('services/cli/study-flags');
type Flags = Parameters<typeof specOfFlags>[0];
const NONE = {
  vary: [] as string[],
  set: [] as string[],
  risk: [] as string[],
  anchored: false,
  detach: false,
} as unknown as Flags;

test('says what was given, and nothing else', () => {
  assert.equal(specOfFlags(NONE), {});
  const flags = {
    ...NONE,
    vary: ['fast=5:50:5', 'rate=0.001:10:log', 'slow=20:200'],
    set: ['qty=0.01'],
    risk: ['maxPosition=0.5', 'priceBand=off'],
    objective: 'sharpe, max-drawdown',
    trials: '40',
    from: '2024-08-09',
    'fee-tier': '3',
    anchored: true,
  } as Flags;
  assert.equal(specOfFlags(flags), {
    trials: 40,
    feeTier: 3,
    from: Date.UTC(2024, 7, 9) * 1_000,
    objectives: ['sharpe', 'max-drawdown'],
    anchored: true,
    vary: {
      fast: { from: 5, to: 50, step: 5 },
      rate: { from: 0.001, to: 10, log: true },
      slow: { from: 20, to: 200 },
    },
    set: { qty: 0.01 },
    limits: { maxPosition: 0.5, priceBand: 'off' },
  });
});

test('a number that is none stays the text that it was', () => {
  assert.equal(specOfFlags({ ...NONE, trials: 'many' } as Flags), { trials: 'many' });
});

test('a range or a value that cannot be read is refused', () => {
  for (const range of ['fast', 'fast=5', 'fast=5:x', 'fast=1:2:3:4', 'fast=:5', 'fast=log'])
    assert.throws(
      () => specOfFlags({ ...NONE, vary: [range] }),
      /--vary: expected NAME=FROM:TO\[:STEP\]\[:log\] such as/,
    );
  assert.throws(() => specOfFlags({ ...NONE, set: ['qty'] }), /--set: expected NAME=VALUE such as qty=0.01, found qty/);
});

test.run();
