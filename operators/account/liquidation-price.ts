import type { PositionSide } from './account-event.ts';
import { type AccountState, indexOfInstrument, type Position, positionOf } from './account-state.ts';
import type { AccountTerms } from './account-terms.ts';
import { bracketAt } from './brackets.ts';
import type { InstrumentTerms } from './instrument-terms.ts';
import { crossMaintenanceE8, maintenanceOfE8 } from './margin.ts';
import { crossUnrealisedE8, crossWalletE8, unrealisedOfBookE8 } from './valuation.ts';

/** A position as a line: its profit at price p is `qty` × p − `costE8`, with `qty` in base × 1e8. */
interface Line {
  readonly qty: number;
  readonly costE8: number;
}

/**
 * The mark price at which a position would be liquidated while all other marks stay, in the quote asset; the nearest
 * double, for the edge. Null where there is none above 0. The maintenance ratio is that of the position's value **at the
 * liquidation price**, as Binance asks for. On cross margin both sides of a hedge share one.
 *
 * Where several prices would do (a hedge whose sides are close), it is the one nearest to the mark price.
 * @see https://www.binance.com/en/support/faq/b3c689c1f50a44cabb3a84e663b81d93
 */
export function liquidationPrice(
  terms: AccountTerms,
  state: AccountState,
  instrument: string,
  positionSide: PositionSide,
): number | null {
  const index = indexOfInstrument('liquidationPrice', terms, state, instrument);
  const its = terms.instruments[index]!;
  const book = state.books[index]!;
  const position = positionOf(book, positionSide);
  if (position.steps === 0) return null;
  if (book.marginType === 'isolated') return nearestRoot(its, [position], position.isolatedWalletE8, book.markPriceE8);
  const positions = [book.both, book.long, book.short].filter(({ steps }) => steps !== 0);
  const own = positions.reduce((sum, item) => sum + maintenanceOfE8(its, item), 0);
  const others = crossUnrealisedE8(state) - unrealisedOfBookE8(book) - (crossMaintenanceE8(terms, state) - own);
  return nearestRoot(its, positions, crossWalletE8(state) + others, book.markPriceE8);
}

/** Where collateral + profit − maintenance margin is 0: a line between the prices at which a bracket ends. */
function nearestRoot(
  its: InstrumentTerms,
  positions: readonly Position[],
  collateralE8: number,
  markPriceE8: number,
): number | null {
  const lines = positions.map(
    ({ steps, costE8 }): Line => ({ qty: (steps * its.stepUnits * 1e8) / its.stepDivisor, costE8 }),
  );
  const caps = its.brackets.slice(0, -1).map(({ capE8 }) => capE8);
  const ends = lines.flatMap(({ qty }) => caps.map((capE8) => capE8 / Math.abs(qty))).sort((a, b) => a - b);
  const mark = markPriceE8 / 1e8;
  let nearest: number | null = null;
  for (const [n, end] of [...ends, Number.POSITIVE_INFINITY].entries()) {
    const start = n === 0 ? 0 : ends[n - 1]!;
    const inside = end === Number.POSITIVE_INFINITY ? start + 1 : (start + end) / 2;
    let constant = collateralE8;
    let slope = 0;
    for (const { qty, costE8 } of lines) {
      const { ratioE8, cumE8 } = bracketAt(its.brackets, Math.abs(qty) * inside);
      constant += cumE8 - costE8;
      slope += qty - (Math.abs(qty) * ratioE8) / 1e8;
    }
    const root = -constant / slope;
    const isInside = root > 0 && root >= start && root <= end;
    if (isInside && (nearest === null || Math.abs(root - mark) < Math.abs(nearest - mark))) nearest = root;
  }
  return nearest;
}
