import type { Redis } from 'ioredis';
import { BadInput } from '../../infra/setup-error.ts';
import { KLINE_INTERVALS } from '../../operators/kline-bars.ts';
import { listInstruments, listRecordings } from '../../streams/recordings.ts';
import { checkTrainConfig, type TrainConfig } from '../trainer/run/train-config.ts';

/** Candles of a recording. */
interface Candles {
  readonly instrument: string;
  readonly recording: string;
  readonly interval: string;
  readonly count: number;
}

const CHANNEL = /^kline_(.+)$/;

/**
 * A config where none is given: of the import that holds most candles of 5 minutes, or of another interval where none does.
 * @throws BadInput where nothing is there to train on
 */
export async function defaultTrainConfig(redis: Redis, more: object): Promise<TrainConfig> {
  const found: Candles[] = [];
  for (const instrument of await listInstruments(redis))
    for (const { recording, counts = {} } of await listRecordings(redis, instrument))
      for (const [channel, count] of Object.entries(counts)) {
        const interval = CHANNEL.exec(channel)?.[1];
        if (interval !== undefined && interval in KLINE_INTERVALS)
          found.push({ instrument, recording, interval, count });
      }
  const isUsual = ({ interval }: Candles): number => Number(interval === '5m');
  const [best] = found.sort((one, other) => isUsual(other) - isUsual(one) || other.count - one.count);
  if (best === undefined)
    throw new BadInput(
      'don train: expected a CONFIG.json, or a recording of candles to train on, found neither; don import brings candles in, such as those of a file of klines',
    );
  const { instrument, recording, interval } = best;
  return checkTrainConfig({ instrument, recording, interval, ...more });
}
