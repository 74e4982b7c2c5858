import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createAccountTerms } from '../../../operators/account/account-terms.ts';
import { createInstrumentTerms } from '../../../operators/account/instrument-terms.ts';
import { createScale } from '../../../streams/events/scale.ts';
import {
  BTC,
  createTerms,
  deposit,
  ETH,
  fill,
  leverage,
  marginType,
  markPrice,
  order,
  positionMode,
  refusedBy,
  run,
} from './account-events.ts';

const test = suite('operators/account/settings');

test('an account begins in one-way mode, on cross margin, at 20×', () => {
  const { positionMode: mode, books } = run([]);
  assert.is(mode, 'oneWay');
  assert.equal(
    books.map(({ instrument, leverage: times, marginType: type }) => [instrument, times, type]),
    [
      [BTC, 20, 'cross'],
      [ETH, 20, 'cross'],
    ],
  );
});

test('a leverage is set for one instrument', () => {
  assert.equal(
    run([leverage(75)]).books.map((book) => book.leverage),
    [75, 20],
  );
  for (const times of [0, 126, 2.5, Number.NaN]) assert.is(refusedBy(run([]), leverage(times)).code, -4028, `${times}`);
  assert.is(
    refusedBy(run([]), leverage(126)).message,
    'leverageSet/leverage: expected a whole number from 1 to 125, found 126 (-4028 INVALID_LEVERAGE)',
  );
});

test('a leverage whose bracket is too small for what is open is refused', () => {
  assert.is(refusedBy(run([deposit(10_000), fill(1, 60_000)]), leverage(125)).code, -2027);
  assert.is(refusedBy(run([deposit(10_000), order(1, 60_000)]), leverage(125)).code, -2027);
  assert.is(run([deposit(10_000), fill(1, 60_000), leverage(100)]).books[0]!.leverage, 100);
});

test('a lower leverage needs its margin', () => {
  const state = run([deposit(10_000), fill(1, 60_000)]);
  assert.is(refusedBy(state, leverage(5)).code, -2028, '12 000 is more than 10 000');
  assert.is(run([deposit(10_000), fill(1, 60_000), leverage(6)]).books[0]!.leverage, 6);
  const isolated = [deposit(10_000), marginType('isolated'), fill(1, 60_000)];
  assert.is(refusedBy(run(isolated), leverage(19)).code, -4161);
  assert.is(run([...isolated, leverage(21)]).books[0]!.leverage, 21);
});

test('a margin type is changed only where nothing is open', () => {
  assert.is(run([marginType('isolated')]).books[0]!.marginType, 'isolated');
  assert.is(refusedBy(run([]), marginType('cross')).code, -4046);
  assert.is(refusedBy(run([order(1, 60_000)]), marginType('isolated')).code, -4047);
  assert.is(refusedBy(run([order(1, 60_000, { isReduceOnly: true })]), marginType('isolated')).code, -4047);
  assert.is(refusedBy(run([fill(1, 60_000)]), marginType('isolated')).code, -4048);
  assert.is(
    run([fill(1, 60_000), marginType('isolated', ETH)]).books[1]!.marginType,
    'isolated',
    'of another instrument',
  );
  assert.is(refusedBy(run([]), marginType('portfolio' as 'cross')).code, null);
});

test('a position mode is changed only where nothing is open', () => {
  assert.is(run([positionMode('hedge')]).positionMode, 'hedge');
  assert.is(refusedBy(run([]), positionMode('oneWay')).code, -4059);
  assert.is(refusedBy(run([order(-1, 3_000, { instrument: ETH })]), positionMode('hedge')).code, -4067);
  assert.is(refusedBy(run([fill(1, 3_000, { instrument: ETH })]), positionMode('hedge')).code, -4068);
  assert.is(refusedBy(run([]), positionMode('both' as 'hedge')).code, null);
});

test('an unknown instrument and an unknown event are refused', () => {
  assert.is(refusedBy(run([]), markPrice(1, 'simulated:DOGEUSDT')).code, -1121);
  assert.is(refusedBy(run([]), leverage(1, 'simulated:DOGEUSDT')).code, -1121);
  assert.is(
    refusedBy(run([]), { type: 'gift', timeMs: 1 } as never).message,
    'event/type: expected the type of an account event, found gift',
  );
  assert.is(refusedBy(run([]), markPrice(0)).field, 'markPrice/markPriceE8');
  const others = createAccountTerms({ instruments: [...createTerms().instruments].reverse() });
  assert.is(refusedBy(run([]), markPrice(1), others).code, -1121, 'a state that was saved under other terms');
});

test('terms that cannot be are refused', () => {
  const [btc] = createTerms().instruments;
  assert.throws(
    () => createAccountTerms({ instruments: [btc!, btc!] }),
    /terms\/instruments: expected each instrument once/,
  );
  const scale = createScale('0.1', '0.001');
  assert.throws(
    () => createInstrumentTerms({ instrument: BTC, scale, liquidationFeeRate: -1 }),
    /simulated:BTCUSDT\/liquidationFeeRate: expected from 0 to less than 1, found -1/,
  );
});

test.run();
