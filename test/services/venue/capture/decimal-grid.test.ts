import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decimalGrid } from '../../../../services/venue/capture/decimal-grid.ts';

function gridOf(...texts: string[]): { decimals: number; stepUnits: number } {
  const grid = decimalGrid();
  for (const text of texts) grid.add(text);
  return grid.result();
}

test('finds the coarsest grid that holds every number', () => {
  assert.equal(gridOf('61800.20', '61800.30', '1000.00'), { decimals: 2, stepUnits: 10 });
  assert.equal(gridOf('0.014', '0.010'), { decimals: 3, stepUnits: 2 });
  assert.equal(gridOf('7', '21'), { decimals: 0, stepUnits: 7 });
});

test('keeps up when a number with more decimals comes later', () => {
  assert.equal(gridOf('3', '0.05'), { decimals: 2, stepUnits: 5 });
  assert.equal(gridOf('0.5', '2', '0.25'), { decimals: 2, stepUnits: 25 });
  assert.equal(gridOf('0.75', '1'), { decimals: 2, stepUnits: 25 });
});

test('takes zeros and damaged numbers for nothing', () => {
  assert.equal(gridOf('0.000', '-1.0', 'x', '1.2.3', ''), { decimals: 3, stepUnits: 1 });
  assert.equal(gridOf(), { decimals: 0, stepUnits: 1 });
});

test.run();
