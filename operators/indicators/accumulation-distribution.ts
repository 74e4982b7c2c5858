import type { Projection } from '../fold.ts';
import { addToExactSum, createExactSum, type ExactSum } from '../rolling/exact-sum.ts';
import type { Candle } from './candle.ts';
import { moneyFlowVolume } from './money-flow-volume.ts';

/**
 * Accumulation/distribution line, in the unit of the volume: the sum of volume × ((C − L) − (H − C))/(H − L) since the
 * first bar; a bar of one price adds nothing. Only its changes say something.
 *
 * Speaks from the first bar on.
 * @see Chaikin, in Achelis (2000), "Technical Analysis from A to Z".
 */
export function accumulationDistribution(): Projection<Candle, ExactSum, number> {
  return {
    initialState: createExactSum,
    evolve: (sum, candle) => {
      addToExactSum(sum, moneyFlowVolume(candle));
      return sum;
    },
    project: (sum) => sum.high,
  };
}
