import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { resolveParameters } from '../../../operators/features/resolve-feature-set.ts';
import { logNormalLatency } from '../../../operators/matching/latency.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import { random } from '../../../operators/random.ts';
import type { BacktestResult } from '../../../services/backtest/backtest-result.ts';
import { loadStrategy } from '../../../services/backtest/load-strategy.ts';
import { type BacktestOptions, runBacktest } from '../../../services/backtest/run-backtest.ts';
import { importFile } from '../../../services/importer/import-file.ts';
import { testServers } from '../../support/servers.ts';
import { withEmptyRedis } from '../importer/empty-redis.ts';
import { withFile } from '../importer/scratch.ts';

export const { redisUrl } = await testServers('redis');
export const instrument = 'binance-usdm:BTCUSDT';
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const START_MS = Date.parse('2024-03-01T00:00:00Z');
export const PARAMETERS = { barMs: 15 * MINUTE_MS, fast: 2, slow: 5, qty: 0.02 };

/** Candles of 5 minutes that wander about 60,000, as a table. */
function candleRows(count: number): string[] {
  const { uniform } = random(3);
  let last = 600_000;
  return Array.from({ length: count }, (_, n) => {
    const open = last;
    last = open + Math.round((uniform() - 0.5) * 3_000);
    const high = Math.max(open, last) + Math.floor(uniform() * 500);
    const low = Math.min(open, last) - Math.floor(uniform() * 500);
    const prices = [open, high, low, last].map((ticks) => (ticks / 10).toFixed(1));
    return [START_MS + n * 5 * MINUTE_MS, ...prices, (uniform() * 100).toFixed(3)].join();
  });
}

export const ROWS = candleRows(2_000);
export const SETTLEMENTS = Array.from(
  { length: 20 },
  (_, n) => `${START_MS + n * 8 * HOUR_MS},${n % 3 === 0 ? -0.0001 : 0.0003}`,
);

export interface CandleRecordings {
  readonly redis: Redis;
  readonly folder: string;
  readonly candles: string;
  readonly run: (options?: Partial<BacktestOptions>, name?: string) => Promise<BacktestResult>;
}

/** A recording of candles; one of their funding is imported by `importFunding`. */
export async function withCandles(use: (recordings: CandleRecordings) => Promise<void>, rows = ROWS): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'don-tapes-'));
  try {
    await withEmptyRedis(redisUrl, async (redis) => {
      const text = `open_time,open,high,low,close,volume\n${rows.join('\n')}\n`;
      const { recording } = await withFile(text, (file) => importFile({ redis, file, instrument }), 'candles.csv');
      const run = async (options: Partial<BacktestOptions> = {}, name = 'moving-average-cross') => {
        const strategy = await loadStrategy(name);
        const parameters = name === 'moving-average-cross' ? PARAMETERS : {};
        return runBacktest({
          redis,
          instrument,
          recording,
          strategy,
          parameters: resolveParameters(name, strategy.definition, parameters),
          queue: QUEUE_MODELS['risk-averse']!,
          latency: logNormalLatency(5, 5, 0.5),
          seed: 1,
          balance: 10_000,
          leverage: 5,
          feeTier: 0,
          folder,
          ...options,
        });
      };
      await use({ redis, folder, candles: recording, run });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function importFunding(redis: Redis, rows = SETTLEMENTS): Promise<string> {
  const text = `funding_time,funding_rate\n${rows.join('\n')}\n`;
  return (await withFile(text, (file) => importFile({ redis, file, instrument }), 'funding.csv')).recording;
}
