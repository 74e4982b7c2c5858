import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AccountEvent } from '../../../operators/account/account-event.ts';
import {
  availableE8,
  crossMaintenanceE8,
  crossMarginRatio,
  freeMarginE8,
  withdrawableE8,
} from '../../../operators/account/margin.ts';
import { crossWalletE8, equityE8 } from '../../../operators/account/valuation.ts';
import {
  createTerms,
  deposit,
  ETH,
  e8,
  fill,
  isolatedMargin,
  leverage,
  marginType,
  markPrice,
  order,
  positionIn,
  positionMode,
  refusedBy,
  run,
  withdrawal,
} from './account-events.ts';

const test = suite('operators/account/margin');

const terms = createTerms();
const available = (events: readonly AccountEvent[]): number => availableE8(terms, run(events)) / 1e8;

test('a cross position holds its notional at the mark price ÷ leverage', () => {
  const opened = [deposit(10_000), leverage(10), fill(1, 60_000)];
  assert.is(available(opened), 4_000);
  assert.is(available([...opened, markPrice(61_000)]), 10_000 + 1_000 - 6_100);
  assert.is(available([...opened, markPrice(54_000)]), 0, '10 000 − 6 000 − 5 400 is below 0');
  assert.is(freeMarginE8(terms, run([...opened, markPrice(54_000)])), e8(-1_400));
});

test('open orders hold the margin of their worse side', () => {
  const start = [deposit(10_000), leverage(10), markPrice(60_000)];
  assert.is(available([...start, order(0.1, 60_000)]), 9_400);
  assert.is(available([...start, order(0.1, 60_000), order(-0.1, 60_000)]), 9_400, 'one of the two only');
  assert.is(available([...start, order(0.1, 60_000), order(-0.2, 60_000)]), 8_800);
  const long = [...start, fill(0.1, 60_000)];
  assert.is(available([...long, order(-0.1, 60_000)]), 9_400, 'an order that closes holds nothing');
  assert.is(available([...long, order(-0.3, 60_000)]), 8_800, '|0.1 − 0.3| is more than 0.1');
  assert.is(available([...long, order(-0.3, 60_000, { isReduceOnly: true })]), 9_400);
});

test('in hedge mode each side holds the margin of its position and of the orders that open it', () => {
  const start = [deposit(10_000), leverage(10), positionMode('hedge'), markPrice(60_000)];
  const long = { positionSide: 'LONG' } as const;
  const short = { positionSide: 'SHORT' } as const;
  const both = [...start, fill(0.1, 60_000, long), fill(-0.1, 60_000, short)];
  assert.is(available(both), 8_800);
  assert.is(available([...both, order(0.1, 60_000, long), order(-0.1, 60_000, short)]), 7_600);
  assert.is(available([...both, order(-0.1, 60_000, long), order(0.1, 60_000, short)]), 8_800, 'they close');
});

test('an order lets go of its margin when it is filled or has ended', () => {
  const start = [deposit(10_000), leverage(10), markPrice(60_000), order(0.3, 50_000)];
  assert.is(available(start), 8_500);
  const ended = { ...order(0.1, 50_000), type: 'orderEnded' } as const;
  assert.is(available([...start, ended]), 9_000);
  const filled = fill(0.2, 50_000, { openedAtTicks: 500_000 });
  const state = run([...start, ended, filled]);
  assert.equal([positionIn(state).bidSteps, positionIn(state).bidTickSteps], [0, 0]);
  assert.is(availableE8(terms, state), e8(10_000 + 2_000 - 1_200));
  const reduceOnly = run([fill(1, 60_000), order(-1, 61_000, { isReduceOnly: true })]);
  assert.is(positionIn(reduceOnly).reduceOnlySteps, 1_000);
  assert.is(refusedBy(run(start), { ...order(0.4, 50_000), type: 'orderEnded' }).field, 'orderEnded/qtySteps');
  assert.is(refusedBy(run(start), { ...order(0.3, 50_001), type: 'orderEnded' }).field, 'orderEnded/priceTicks');
  assert.is(refusedBy(run(start), fill(0.3, 49_999, { openedAtTicks: 499_990 })).field, 'fill/priceTicks');
  assert.is(refusedBy(run(start), order(0, 50_000)).code, -4003);
  assert.is(refusedBy(run(start), order(1, 50_000, { positionSide: 'SHORT' })).code, -4061);
});

test('opening on isolated margin puts notional ÷ leverage aside, and closing lets go of its part', () => {
  const opened = [deposit(10_000), leverage(10), marginType('isolated'), fill(1, 60_000)];
  const state = run(opened);
  assert.equal([positionIn(state).isolatedWalletE8, crossWalletE8(state)], [e8(6_000), e8(4_000)]);
  const half = run([...opened, markPrice(58_000), fill(-0.5, 58_000)]);
  assert.equal([positionIn(half).isolatedWalletE8, crossWalletE8(half)], [e8(3_000), e8(4_000 + 3_000 - 1_000)]);
  const turned = run([...opened, fill(-1.5, 62_000)]);
  assert.equal([positionIn(turned).isolatedWalletE8, crossWalletE8(turned)], [e8(3_100), e8(12_000 - 3_100)]);
  assert.is(available([...opened, markPrice(50_000)]), 4_000, 'its loss is no matter of the cross balance');
  assert.is(available([...opened, order(-0.5, 60_000)]), 4_000);
  assert.is(available([...opened, order(0.5, 60_000)]), 1_000, 'its open orders are');
});

test('isolated margin is added and removed within what is there', () => {
  const opened = [deposit(10_000), leverage(10), marginType('isolated'), fill(1, 60_000)];
  const added = run([...opened, isolatedMargin('add', 4_000)]);
  assert.equal([positionIn(added).isolatedWalletE8, added.isolatedE8], [e8(10_000), e8(10_000)]);
  assert.is(refusedBy(run(opened), isolatedMargin('add', 4_000.00000001)).code, -4050);
  const loss = [...opened, isolatedMargin('add', 4_000), markPrice(59_000)];
  assert.is(refusedBy(run(loss), isolatedMargin('remove', 3_100.00000001)).code, -4051, '10 000 − 1 000 − 5 900');
  assert.is(positionIn(run([...loss, isolatedMargin('remove', 3_100)])).isolatedWalletE8, e8(6_900));
  const gain = [...opened, isolatedMargin('add', 1_000), markPrice(61_000)];
  assert.is(refusedBy(run(gain), isolatedMargin('remove', 900.00000001)).code, -4051, 'a profit cannot be removed');
  assert.is(refusedBy(run(opened), isolatedMargin('add', 0)).code, -4055);
  assert.is(refusedBy(run(opened), isolatedMargin('add', 1, 'LONG')).code, -4061);
  assert.is(refusedBy(run([deposit(1), fill(1, 60_000)]), isolatedMargin('add', 1)).code, -4049);
  assert.is(refusedBy(run([deposit(1), marginType('isolated')]), isolatedMargin('add', 1)).code, -4054);
  assert.is(
    refusedBy(run(opened), { ...isolatedMargin('add', 1), direction: 'move' } as never).field,
    'isolatedMarginMoved/direction',
  );
});

test('what is not held and no unrealised profit can be withdrawn', () => {
  const opened = [deposit(10_000), leverage(10), fill(1, 60_000)];
  assert.is(withdrawableE8(terms, run([...opened, markPrice(61_000)])), e8(3_900));
  assert.is(withdrawableE8(terms, run([...opened, markPrice(59_000)])), e8(3_100));
  const refusal = refusedBy(run([...opened, markPrice(59_000)]), withdrawal(3_100.00000001));
  assert.is(refusal.code, -2018);
  assert.match(refusal.message, 'withdrawal/amountE8: expected at most 310000000000, found 310000000001');
  const left = run([...opened, markPrice(59_000), withdrawal(3_100)]);
  assert.equal([left.walletE8, left.withdrawnE8], [e8(6_900), e8(3_100)]);
  for (const amount of [0, -1]) {
    assert.is(refusedBy(left, withdrawal(amount)).field, 'withdrawal/amountE8');
    assert.is(refusedBy(left, deposit(amount)).field, 'deposit/amountE8');
  }
});

test('maintenance is summed over the cross positions, each in its own bracket', () => {
  const events = [deposit(10_000), fill(1, 60_000), fill(-10, 3_000, { instrument: ETH })];
  const state = run(events);
  assert.is(crossMaintenanceE8(terms, state), e8(60_000 * 0.005 - 50 + 30_000 * 0.004));
  assert.is(crossMarginRatio(terms, state), 370 / 10_000);
  assert.is(crossMarginRatio(terms, run([deposit(1)])), 0);
  assert.is(crossMarginRatio(terms, run([deposit(1), fill(1, 60_000), markPrice(59_999)])), Number.POSITIVE_INFINITY);
  const isolated = run([deposit(10_000), marginType('isolated'), ...events.slice(1)]);
  assert.is(crossMaintenanceE8(terms, isolated), e8(120));
  const hedge = [
    positionMode('hedge'),
    fill(1, 60_000, { positionSide: 'LONG' }),
    fill(-1, 60_000, { positionSide: 'SHORT' }),
  ];
  assert.is(crossMaintenanceE8(terms, run(hedge)), e8(500), 'the sides do not offset each other');
  assert.is(equityE8(run([deposit(1), ...hedge, markPrice(1)])), e8(1));
});

test.run();
