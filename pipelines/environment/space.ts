/** What actions, or observations, may be. */
export type Space = DiscreteSpace | BoxSpace;

/** Whole numbers from 0 to `count` − 1. */
export interface DiscreteSpace {
  readonly type: 'discrete';
  readonly count: number;
}

/** Vectors within bounds, both of them included; −Infinity and Infinity where there is none. */
export interface BoxSpace {
  readonly type: 'box';
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** How many numbers an element of the space is. */
export function spaceSize(space: Space): number {
  return space.type === 'discrete' ? 1 : space.low.length;
}

/** Whether it is an element of the space; NaN is of none. */
export function spaceHolds(space: Space, element: number | Float32Array): boolean {
  if (space.type === 'discrete')
    return typeof element === 'number' && Number.isInteger(element) && element >= 0 && element < space.count;
  if (typeof element === 'number' || element.length !== space.low.length) return false;
  for (let n = 0; n < element.length; n++)
    if (!(element[n]! >= space.low[n]! && element[n]! <= space.high[n]!)) return false;
  return true;
}
