import { checkBookConfig } from '../../../../services/trainer/book/book-config.ts';
import type { BookData } from '../../../../services/trainer/book/book-data.ts';
import { type PerformBookRunOptions, performBookRun } from '../../../../services/trainer/book/perform-book-run.ts';
import { prepareBookData } from '../../../../services/trainer/book/prepare-book-data.ts';
import type { Tape } from '../../../../streams/tape/tape.ts';
import { madeTapes, SCALE } from '../../../pipelines/environment/book-market.ts';
import { testBackend } from '../../../support/test-backend.ts';

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

/** With a code version of its own, so that a commit meanwhile is no other run. */
export async function runBook(home: string, more: object = {}, options: Partial<PerformBookRunOptions> = {}) {
  const runData = { data: dataOf(more), recording: '0123456789ab', fromEntryId: '1-0', toEntryId: '4000-0' };
  return performBookRun(runData, { home, backend: await testBackend(), code: 'test', ...options });
}
