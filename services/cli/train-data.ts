import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { connectRedis } from '../../infra/redis.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { isStrategyFile } from '../backtest/load-strategy.ts';
import type { BarData } from '../trainer/run/bar-data.ts';
import { namedAlgorithm } from '../trainer/run/config-algorithm.ts';
import { readRunData } from '../trainer/run/read-run-data.ts';
import { checkRunConfig, type RunConfig } from '../trainer/run/run-config.ts';
import { checkTrainConfig, type TrainConfig } from '../trainer/run/train-config.ts';

/** Flags in place of what a training config says. */
export const TRAIN_CONFIG_OPTIONS = {
  steps: { type: 'string', value: 'N', help: 'in place of totalSteps of the algorithm' },
  seeds: { type: 'string', value: 'A,B', help: 'in place of seeds' },
} as const;

interface Said {
  readonly steps: string | undefined;
  readonly seeds: string | undefined;
  /** Path of a file. */
  readonly study?: string | undefined;
}

/** @throws BadInput where the file is no JSON, or no config of candles or of an order book */
export function readRunConfig(file: string, flags: Said): RunConfig {
  return checkRunConfig(saidInFile(file, flags));
}

/** @throws BadInput where the file is no JSON, or no config of candles */
export function readTrainConfig(file: string, flags: Said): TrainConfig {
  return checkTrainConfig(saidInFile(file, flags));
}

function saidInFile(file: string, flags: Said): Record<string, unknown> {
  const raw = readJson(file, 'a config');
  return saidInFlags({ ...raw, ...ownReward(file, raw['reward']), ...ownStrategy(file, raw['warmStart']) }, flags);
}

/** @throws BadInput where it is no JSON */
function readJson(file: string, what: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new BadInput(`${file}: expected ${what} as JSON, found ${error instanceof Error ? error.message : error}`);
  }
}

/** What a config says, with what flags say in its place. */
export function saidInFlags(
  raw: Readonly<Record<string, unknown>>,
  { steps, seeds, study }: Said,
): Record<string, unknown> {
  const name = namedAlgorithm(raw);
  return {
    ...raw,
    ...(steps === undefined ? {} : { [name]: { ...(raw[name] as object | undefined), totalSteps: Number(steps) } }),
    ...(study === undefined ? {} : { earlyStopping: raw['earlyStopping'] ?? {}, study: readJson(study, 'a study') }),
    ...(seeds === undefined ? {} : { seeds: seeds.split(',').map(Number) }),
  };
}

/** The path of a reward's file is from where the config lies. */
function ownReward(config: string, reward: unknown): object {
  const { file } = (reward ?? {}) as { readonly file?: unknown };
  return typeof file === 'string' ? { reward: { ...(reward as object), file: resolve(dirname(config), file) } } : {};
}

/** So is that of a strategy's file. */
function ownStrategy(config: string, warmStart: unknown): object {
  const { strategy } = (warmStart ?? {}) as { readonly strategy?: unknown };
  return typeof strategy === 'string' && isStrategyFile(strategy)
    ? { warmStart: { ...(warmStart as object), strategy: resolve(dirname(config), strategy) } }
    : {};
}

/** The candles, features and spans that a config asks for. @throws BadInput where they are not recorded */
export async function readTrainData(config: TrainConfig, redisUrl: string, folder: string): Promise<BarData> {
  const redis = await connectRedis(redisUrl);
  try {
    return (await readRunData(config, { redis, folder })).data;
  } finally {
    redis.disconnect();
  }
}
