import { checkBookConfig } from '../../../../services/trainer/book/book-config.ts';
import type { BookData } from '../../../../services/trainer/book/book-data.ts';
import { bookTraining } from '../../../../services/trainer/book/book-training.ts';
import { prepareBookData } from '../../../../services/trainer/book/prepare-book-data.ts';
import type { PerformRunOptions } from '../../../../services/trainer/run/perform-run.ts';
import type { RunData } from '../../../../services/trainer/run/read-run-data.ts';
import type { Tape } from '../../../../streams/tape/tape.ts';
import { madeTapes, SCALE } from '../../../pipelines/environment/book-market.ts';
import { performMade } from '../run/made-run.ts';

/** About three minutes. */
export const TAPES = madeTapes({ seed: 4, events: 4_000, hasFaults: false });

export const QUOTING = {
  actions: {
    type: 'quote-grid',
    offsets: [
      [null, null],
      [0, 0],
      [0, 3],
      [3, 0],
    ],
    maxPosition: 4,
  },
  size: { qty: 2 },
} as const;

export const configOf = (more: object = {}) =>
  checkBookConfig({
    environment: 'book',
    instrument: 'simulated:BTCUSDT',
    levels: 3,
    episodeSteps: 60,
    environments: 2,
    balance: 1_000_000,
    seeds: [1, 2],
    ppo: { totalSteps: 512, stepsPerUpdate: 16, batchSize: 32, epochs: 2, hiddenSizes: [8] },
    ...more,
  });

export const dataOf = (more: object = {}, tapes: readonly Tape[] = TAPES): BookData =>
  prepareBookData(configOf(more), tapes, SCALE);

/** With a short test, which takes less time. */
export const runDataOf = (more: object = {}): RunData => ({
  training: bookTraining(dataOf({ test: { share: 0.1 }, ...more })),
  part: { recording: '0123456789ab', fromEntryId: '1-0', toEntryId: '4000-0' },
});

/** Two seeds of 16 updates. */
export async function runBook(home: string, more: object = {}, options: Partial<PerformRunOptions> = {}) {
  return performMade(runDataOf(more), home, options);
}
