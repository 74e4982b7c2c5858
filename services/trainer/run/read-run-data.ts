import type { Redis } from 'ioredis';
import { KLINE_INTERVALS } from '../../../operators/kline-bars.ts';
import { openRecordedSpan } from '../../backtest/recorded-span.ts';
import { chooseInstrument, chooseMarketRecording } from '../../cli/choose-recording.ts';
import { type BarData, barData } from './bar-data.ts';
import { barTraining } from './bar-training.ts';
import { checkInterval, noCandles } from './recorded-intervals.ts';
import { loadReward } from './reward-file.ts';
import type { TrainConfig } from './train-config.ts';
import type { Training } from './training.ts';
import { loadWarmStrategy } from './warm-strategy.ts';

/** Which part of which log a run is of. */
export interface RecordedPart {
  readonly recording: string;
  readonly fromEntryId?: string;
  readonly toEntryId?: string;
}

/** What a run is over, and where it is from. */
export interface RunData {
  readonly training: Training;
  readonly part: Required<RecordedPart>;
}

/** Over candles. */
export interface BarRunData extends RunData {
  readonly data: BarData;
}

export interface ReadRunOptions {
  readonly redis: Redis;
  /** Where tapes are kept. */
  readonly folder: string;
  /** Of a run that goes on: since then the log may have grown. */
  readonly part?: RecordedPart | undefined;
}

/**
 * The candles, features and spans that a config asks for.
 * @throws BadInput where they are not recorded
 */
export async function readRunData(config: TrainConfig, { redis, folder, part }: ReadRunOptions): Promise<BarRunData> {
  const { interval } = config;
  const ownReward = await loadReward(config.reward);
  const warmStrategy = await loadWarmStrategy(config);
  const instrument = await chooseInstrument(redis, config.instrument);
  const recording = part?.recording ?? (await chosenRecording(redis, instrument, config));
  await checkInterval(redis, { instrument, recording }, interval);
  // What comes behind a test span that has an end decides on nothing.
  const end = config.test === undefined ? undefined : Date.parse(config.test.to) + KLINE_INTERVALS[interval];
  const span = await openRecordedSpan({
    redis,
    instrument,
    recording,
    folder,
    from: part?.fromEntryId,
    to: part?.toEntryId ?? end,
  });
  const bars = await span.candles(interval);
  if (bars === undefined || bars.openTimesMs.length === 0) throw noCandles({ instrument, recording }, interval);
  const funding = await span.funding(bars, undefined);
  const data = barData(config, { bars, scale: span.scale, funding, ownReward, warmStrategy });
  return {
    data,
    training: barTraining(data),
    part: { recording, fromEntryId: bars.firstEntryId, toEntryId: bars.lastEntryId },
  };
}

async function chosenRecording(redis: Redis, instrument: string, { recording, train }: TrainConfig): Promise<string> {
  const fromUs = train === undefined ? undefined : Date.parse(train.from) * 1_000;
  return chooseMarketRecording(redis, instrument, recording, { fromUs });
}
