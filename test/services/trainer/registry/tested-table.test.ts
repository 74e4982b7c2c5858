import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testedTable, testedUnits } from '../../../../services/trainer/registry/tested-table.ts';
import { smallModel } from '../model/small-model.ts';

const test = suite('services/trainer/registry/tested-table');

test('counts have commas, and what is not known is a dash', () => {
  const figures = { ...smallModel().tested.model, filled: 12_345, fees: 6_789.5, sharpeInterval: null };
  const [head, row] = testedTable([figures]).split('\n');
  assert.match(head!, /RETURN +SHARPE +95 % +DRAWDOWN +FILLS +FEES +FUNDING$/);
  assert.match(row!, / – .* 12,345 +6,789\.50 /);
});

test('money is of the quote asset', () => {
  assert.is(testedUnits('binance-usdm:BTCUSDC'), 'Fees and funding in USDC; Sharpe ratios of a year.');
});

test.run();
