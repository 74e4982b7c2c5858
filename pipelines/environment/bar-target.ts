/**
 * What the target 1 means: a quantity of the base asset, or a position worth a share of the equity, as it is when another
 * target is said; and below which quantity nothing is sent, a step where it is not said.
 */
export type PositionSize = ({ readonly qty: number } | { readonly equityShare: number }) & { readonly minQty?: number };

export interface PositionSizer {
  /** Whether it is the same at all times. */
  readonly isFixed: boolean;
  readonly minSteps: number;
  /** Steps that the target 1 means; at least one. */
  unitSteps(equity: number, price: number): number;
}

/** @param stepSize of the instrument, base asset @throws RangeError that names what cannot be */
export function positionSizer(size: PositionSize, stepSize: number): PositionSizer {
  const { minQty = stepSize } = size;
  if (!(minQty > 0)) throw new RangeError(`size, minQty: expected a quantity above 0, found ${minQty}`);
  const minSteps = Math.max(1, Math.ceil(minQty / stepSize - 1e-9));
  if ('qty' in size) {
    const steps = Math.round(size.qty / stepSize);
    if (!(steps >= minSteps))
      throw new RangeError(
        `size, qty: expected a quantity of at least ${Number((minSteps * stepSize).toPrecision(12))}, found ${size.qty}`,
      );
    return { isFixed: true, minSteps, unitSteps: () => steps };
  }
  const { equityShare } = size;
  if (!(equityShare > 0)) throw new RangeError(`size, equityShare: expected a number above 0, found ${equityShare}`);
  return {
    isFixed: false,
    minSteps,
    unitSteps: (equity, price) => Math.max(1, Math.floor((equityShare * equity) / price / stepSize)),
  };
}
