import { createScale } from '../../../streams/events/scale.ts';
import type { BookData } from '../book/book-data.ts';
import { bookTraining } from '../book/book-training.ts';
import type { BarData } from './bar-data.ts';
import { barTraining } from './bar-training.ts';
import { loadReward } from './reward-file.ts';
import type { Training } from './training.ts';
import { loadWarmStrategy } from './warm-strategy.ts';

/** What cannot be sent to a thread, and is made there again. */
type Made = 'scale' | 'ownReward' | 'warmStrategy';

/** What there is to learn from as plain data. */
export type PlainTraining = { readonly tickSize: string; readonly stepSize: string } & (
  | { readonly on: 'bars'; readonly data: Omit<BarData, Made> }
  | { readonly on: 'book'; readonly data: Omit<BookData, Made> }
);

export async function openTraining(plain: PlainTraining): Promise<Training> {
  const scale = createScale(plain.tickSize, plain.stepSize);
  const ownReward = await loadReward(plain.data.config.reward);
  return plain.on === 'bars'
    ? barTraining({ ...plain.data, scale, ownReward, warmStrategy: await loadWarmStrategy(plain.data.config) })
    : bookTraining({ ...plain.data, scale, ownReward });
}
