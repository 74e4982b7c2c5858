import { createExactSum, type ExactSum, exchangeInExactSum } from './exact-sum.ts';
import { productError } from './product-error.ts';
import {
  createRollingMoments,
  isMoving,
  pushRollingMoments,
  type RollingMoments,
  sumOfProductsAboveMeans,
} from './rolling-moments.ts';

/** Variances and covariance of the last `size` pairs of numbers, in constant time and without drift. Plain data. */
export interface RollingComoments {
  readonly x: RollingMoments;
  readonly y: RollingMoments;
  readonly products: ExactSum;
}

export function createRollingComoments(size: number): RollingComoments {
  return { x: createRollingMoments(size), y: createRollingMoments(size), products: createExactSum() };
}

export function pushRollingComoments({ x, y, products }: RollingComoments, newX: number, newY: number): void {
  const oldX = pushRollingMoments(x, newX);
  const oldY = pushRollingMoments(y, newY);
  exchangeInExactSum(products, newX * newY, oldX * oldY, productError(newX, newY) - productError(oldX, oldY));
}

/** Sum of (x − mean of x)(y − mean of y); 0 where one does not move. */
export function sumOfCodistances({ x, y, products }: RollingComoments): number {
  return isMoving(x) && isMoving(y) ? sumOfProductsAboveMeans(x.recent.count, x.sum, y.sum, products) : 0;
}
