import { z } from 'zod';
import { readConfig } from '../../../infra/config.ts';
import { BadInput, SetupError } from '../../../infra/setup-error.ts';
import { refusedField } from '../../api/http/bad-input.ts';
import { isStrategyFile } from '../../backtest/load-strategy.ts';
import { whole } from '../../trainer/algorithms/settings.ts';
import { BOOK_CONFIG } from '../../trainer/book/book-config.ts';
import { algorithmFault, withNamedAlgorithm } from '../../trainer/run/config-algorithm.ts';
import type { RecordedPart } from '../../trainer/run/read-run-data.ts';
import { checkRunConfig } from '../../trainer/run/run-config.ts';
import { TRAIN_CONFIG } from '../../trainer/run/train-config.ts';
import { loadWarmStrategy } from '../../trainer/run/warm-strategy.ts';
import { checkRecorded } from '../job-fields.ts';
import { BadJobData, jobKind } from '../job-kind.ts';

const workers = whole(1).optional().describe('threads, one or two a seed; without it as many as the machine has');

/** Trains an agent for each seed of a config, and judges each on a span that nothing was learned of. */
export const train = jobKind({
  name: 'train',
  role: 'train',
  says: 'trains an agent on candles or an order book for each seed, and judges each on a span that nothing was learned of',
  example: { instrument: 'simulated:BTCUSDT', interval: '1m', seeds: [1, 2], ppo: { totalSteps: 50_000 } },
  data: z.discriminatedUnion(
    'environment',
    [TRAIN_CONFIG.extend({ environment: z.literal('bars').optional(), workers }), BOOK_CONFIG.extend({ workers })],
    'bars, as where it is not said, or book',
  ),
  asUsual: withNamedAlgorithm,
  sameWork: ({ workers: _, ...work }) => work,
  async check(redis, asked) {
    const { file } = asked.reward;
    if (file !== undefined)
      throw new BadJobData([
        { field: 'data/reward/file', expected: 'a reward by its name: jobs load no files', found: file },
      ]);
    if (asked.environment !== 'book') await checkWarmStart(asked);
    const fault = algorithmFault(asked);
    if (fault !== undefined) throw new BadJobData([{ ...fault, field: `data/${fault.field}` }]);
    await checkRecorded(redis, asked);
  },
  async run({ workers: threads, ...config }, { redis, postgresUrl, signal, saved, save, report }) {
    if (postgresUrl === undefined) throw new SetupError('PostgreSQL: expected DON_POSTGRES_URL, found nothing');
    const { recordedRun } = await import('../../trainer/run/recorded-run.ts');
    const { home } = await readConfig();
    return recordedRun(checkRunConfig(config), {
      redis,
      postgresUrl,
      home,
      workers: threads,
      part: saved as RecordedPart | undefined,
      onPart: save,
      signal,
      onProgress: report,
    });
  },
});

/** @throws BadJobData where it names a file, or no strategy that candles can tell what it asks for */
async function checkWarmStart(asked: Parameters<typeof loadWarmStrategy>[0]): Promise<void> {
  const strategy = asked.warmStart?.strategy;
  if (strategy !== undefined && isStrategyFile(strategy))
    throw new BadJobData([
      { field: 'data/warmStart/strategy', expected: 'a strategy by its name: jobs load no files', found: strategy },
    ]);
  try {
    await loadWarmStrategy(asked);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const refused = refusedField(error.message);
    throw new BadJobData([{ ...refused, field: `data/${refused.field}` }]);
  }
}
