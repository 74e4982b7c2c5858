import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evolveAccount } from '../../../operators/account/account.ts';
import { createAccountState } from '../../../operators/account/account-state.ts';
import { createAccountTerms } from '../../../operators/account/account-terms.ts';
import { createInstrumentTerms } from '../../../operators/account/instrument-terms.ts';
import { nextLiquidation } from '../../../operators/account/liquidation.ts';
import { liquidationPrice } from '../../../operators/account/liquidation-price.ts';
import { random } from '../../../operators/random.ts';
import { safePrice } from '../../../services/backtest/safe-price.ts';
import { createScale } from '../../../streams/events/scale.ts';

const test = suite('services/backtest/safe-price');

const instrument = 'binance-usdm:BTCUSDT';
const its = createInstrumentTerms({ instrument, scale: createScale('0.1', '0.001') });
const terms = createAccountTerms({ instruments: [its] });

/** An account that has bought, or sold, so much at 10,000. */
function holding(balance: number, steps: number) {
  const state = createAccountState(terms);
  evolveAccount(terms, state, { type: 'deposit', timeMs: 0, amountE8: Math.round(balance * 1e8) });
  const side = steps > 0 ? 'buy' : 'sell';
  const order = { instrument, orderId: '1', side, positionSide: 'BOTH', isReduceOnly: false } as const;
  if (steps !== 0)
    evolveAccount(terms, state, {
      type: 'fill',
      timeMs: 0,
      ...order,
      priceTicks: 100_000,
      qtySteps: Math.abs(steps),
      isMaker: false,
      openedAtTicks: null,
      feeE8: null,
    });
  return state;
}

test('nothing is liquidated short of it, and the liquidation price is not far behind where that is near', () => {
  const { uniform } = random(11);
  let near = 0;
  for (let round = 0; round < 500; round++) {
    const leverage = 0.2 + uniform() * 30;
    const size = 10 ** (uniform() * 3);
    const steps = Math.max(1, Math.round(size * 1_000)) * (uniform() < 0.5 ? 1 : -1);
    const state = holding((Math.abs(steps) * 10) / leverage + 1, steps);
    const safe = safePrice(its, state);
    const due = liquidationPrice(terms, state, instrument, 'BOTH');
    if (safe <= 0) {
      assert.is(due, null);
      continue;
    }
    if (due !== null) {
      assert.ok(steps > 0 ? due <= safe : due >= safe, `${due} and ${safe}`);
      if (Math.abs(due / safe - 1) < 0.02) near++;
    }
    const price = steps > 0 ? Math.max(safe, 1) * 1.0001 : safe * 0.9999;
    evolveAccount(terms, state, { type: 'markPrice', timeMs: 1, instrument, markPriceE8: Math.round(price * 1e8) });
    assert.is(nextLiquidation(terms, state, 1), null);
  }
  assert.ok(near > 200, `${near} of 500`);
});

test('without a position there is none', () => {
  assert.ok(Number.isNaN(safePrice(its, holding(100, 0))));
});

test.run();
