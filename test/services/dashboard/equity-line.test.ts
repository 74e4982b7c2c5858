import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type EquityLines, polyline, withEquity } from '../../../services/dashboard/src/market/equity-line.ts';
import { readAccount, type TradingAccount } from '../../../services/dashboard/src/market/trading.ts';
import { createFixtureTrading } from '../../support/dashboard-trading.ts';

const [PAPER, STOPPED] = createFixtureTrading(0).list(0).map(readAccount) as [TradingAccount, TradingAccount];
const at = (timeMs: number, equity: number, id = 'a'): TradingAccount => ({
  ...PAPER,
  timeMs,
  session: { ...PAPER.session!, id, equity },
});

function pointsAfter(...told: readonly TradingAccount[]): readonly (readonly [number, number])[] {
  const lines = told.reduce((before, account) => withEquity(before, [account, STOPPED]), new Map() as EquityLines);
  return lines.get('paper')!.points.map(({ timeMs, equity }) => [timeMs, equity]);
}

test('a point comes with each status that is newer', () => {
  assert.equal(pointsAfter(at(1, 10), at(2, 11), at(2, 11), at(3, 9)), [
    [1, 10],
    [2, 11],
    [3, 9],
  ]);
});

test('another session is another line, and where none runs there is none', () => {
  assert.equal(pointsAfter(at(1, 10), at(2, 11, 'b')), [[2, 11]]);
  assert.equal([...withEquity(new Map(), [STOPPED])], []);
});

test('it keeps its ends and stays bounded', () => {
  const points = pointsAfter(...Array.from({ length: 5_000 }, (_, n) => at(n, n)));
  assert.ok(points.length > 300 && points.length <= 600, `${points.length}`);
  assert.equal(
    [points[0], points.at(-1)],
    [
      [0, 0],
      [4_999, 4_999],
    ],
  );
});

test('a line runs from corner to corner, the highest on top; one that has not moved lies in the middle', () => {
  const points = [
    { timeMs: 0, equity: 10 },
    { timeMs: 500, equity: 12 },
    { timeMs: 2_000, equity: 11 },
  ];
  assert.is(polyline(points, 200, 40), '0,40 50,0 200,20');
  assert.is(polyline([points[0]!, { timeMs: 1, equity: 10 }], 200, 40), '0,20 200,20');
  assert.is(polyline(points.slice(0, 1), 200, 40), '');
});

test.run();
