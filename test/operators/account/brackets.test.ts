import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compileBrackets,
  type LeverageBracket,
  maintenanceE8,
  notionalCapE8,
} from '../../../operators/account/brackets.ts';
import { BTCUSDT_LIKE_BRACKETS } from '../../../operators/account/default-brackets.ts';
import { e8 } from './account-events.ts';

const test = suite('operators/account/brackets');

const DEFAULT = compileBrackets('default', BTCUSDT_LIKE_BRACKETS);

test('maintenance is notional × ratio − amount, in the bracket of the notional', () => {
  const cases: readonly (readonly [number, number])[] = [
    [0, 0],
    [10_000, 40],
    [50_000, 200],
    [100_000, 450],
    [600_000, 2_950],
    [1_000_000, 5_550],
    [20_000_000, 268_550],
  ];
  for (const [notional, maintenance] of cases)
    assert.is(maintenanceE8(DEFAULT, e8(notional)), e8(maintenance), `${notional}`);
});

test('maintenance has no jump where a bracket ends', () => {
  for (const { notionalCap } of BTCUSDT_LIKE_BRACKETS.slice(0, 5)) {
    const step = maintenanceE8(DEFAULT, e8(notionalCap) + 100) - maintenanceE8(DEFAULT, e8(notionalCap));
    assert.ok(step >= 0 && step <= 5, `${step} after ${notionalCap}`);
  }
});

test('a leverage allows the notional of the last bracket that has it', () => {
  const cases: readonly (readonly [number, number])[] = [
    [125, 50_000],
    [101, 50_000],
    [100, 600_000],
    [20, 100_000_000],
    [1, 1_800_000_000],
    [126, 0],
  ];
  for (const [leverage, cap] of cases) assert.is(notionalCapE8(DEFAULT, leverage), cap * 1e8, `${leverage}×`);
});

test('brackets that do not follow from one another are refused by row and field', () => {
  const rows = BTCUSDT_LIKE_BRACKETS.slice(0, 3);
  const change = (n: number, changes: Partial<LeverageBracket>) =>
    rows.map((row, index) => (index === n ? { ...row, ...changes } : row));
  const refused: readonly (readonly [readonly LeverageBracket[], RegExp])[] = [
    [[], /ETH\/brackets: expected at least one/],
    [change(1, { notionalFloor: 49_000 }), /ETH\/brackets\/2\/notionalFloor: expected 50000, found 49000/],
    [change(1, { notionalCap: 50_000 }), /brackets\/2\/notionalCap: expected more than 50000/],
    [change(1, { initialLeverage: 126 }), /brackets\/2\/initialLeverage: expected a whole number from 1 to 125/],
    [change(1, { initialLeverage: 2.5 }), /initialLeverage/],
    [change(2, { maintMarginRatio: 0.005 }), /brackets\/3\/maintMarginRatio: expected more than 0\.005/],
    [change(0, { maintMarginRatio: Number.NaN }), /brackets\/1\/maintMarginRatio/],
    [change(2, { cum: 949 }), /brackets\/3\/cum: expected 950\.00/],
    [change(0, { cum: 1 }), /brackets\/1\/cum: expected 0\.00/],
  ];
  for (const [list, message] of refused) assert.throws(() => compileBrackets('ETH', list), message);
});

test.run();
