import { rewardNamed } from '../../../../operators/rewards/rewards.ts';
import type { BarFeatures } from '../../../../pipelines/environment/bar-features.ts';
import type { Environment } from '../../../../pipelines/environment/environment.ts';
import type { BarTape } from '../../../../streams/tape/bar-tape.ts';
import { smallEnvironment } from '../../../pipelines/environment/small-environment.ts';

/** A module of environments on candles, which are shared by the threads that make them. */
export function createEnvironment(
  { bars, features }: { readonly bars: BarTape; readonly features: BarFeatures },
  index: number,
): Environment {
  if (!(bars.close.buffer instanceof SharedArrayBuffer)) throw new TypeError('bars: expected shared columns');
  const reward = rewardNamed({ name: 'log-return' });
  return smallEnvironment(bars, { features, actions: { type: 'flat-long-short' }, reward, seed: index });
}
