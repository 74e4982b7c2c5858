import { meanOf } from '../../../operators/performance/moments.ts';
import { random } from '../../../operators/random.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import type { BarData } from './bar-data.ts';
import { nearestAction } from './nearest-action.ts';
import type { Decide } from './pass.ts';

/** What an agent is compared with. */
export interface Baseline {
  readonly name: string;
  readonly says: string;
  readonly decide: Decide;
}

/** Windows of the simple rule, candles. */
const [FAST, SLOW] = [12, 72];

/** @param changes share of the decisions at which the agent changed its target: what is random does so as often */
export function baselines({ config, bars }: BarData, changes: number): Baseline[] {
  const actionOf = nearestAction(config.actions);
  const drawn = random(1);
  let target = 0;
  return [
    { name: 'flat', says: 'never trades', decide: () => actionOf(0) },
    { name: 'holding', says: 'buys at the first close, and holds', decide: () => actionOf(1) },
    {
      name: 'random',
      says: 'takes another target by chance, as often as the agent does',
      decide: () => {
        if (drawn.uniform() < changes) target = drawn.below(3) - 1;
        return actionOf(target);
      },
    },
    {
      name: 'trend',
      says: `long while the mean of ${FAST} closes is above that of ${SLOW}, else short`,
      decide: (_, bar) => actionOf(meanOfLast(bars.close, bar, FAST) > meanOfLast(bars.close, bar, SLOW) ? 1 : -1),
    },
  ];
}

function meanOfLast(values: BarTape['close'], at: number, count: number): number {
  return meanOf(values.subarray(Math.max(0, at + 1 - count), at + 1));
}
