import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkInterval } from '../../../../services/trainer/run/recorded-intervals.ts';
import { encodeEntry } from '../../../../streams/entry.ts';
import { LIVE, rawKey } from '../../../../streams/keys.ts';
import { registerRecording } from '../../../../streams/recordings.ts';
import { instrument, ROWS, withCandles } from '../../backtest/candle-recordings.ts';

const test = suite('services/trainer/run/recorded-intervals');

test('an import says what it holds', () =>
  withCandles(
    async ({ redis, candles: recording }) => {
      const of = { instrument, recording };
      await checkInterval(redis, of, '5m');
      assert.is(
        await refusalOf(checkInterval(redis, of, '1s')),
        `${instrument}, recording ${recording}: no candle of 1s is recorded; it holds candles of 5m`,
      );
    },
    ROWS.slice(0, 10),
  ));

test('a live recording is looked at in places; where no candle is seen, nothing is said', () =>
  withCandles(
    async ({ redis }) => {
      const of = { instrument, recording: LIVE };
      await registerRecording(redis, instrument, { recording: LIVE, kind: 'live' });
      const append = (ms: number, channel: string) =>
        redis.xadd(
          rawKey(instrument, LIVE),
          `${ms}-0`,
          ...encodeEntry([{ channel, payload: Buffer.from('{}'), receiveTimeUs: ms * 1_000 }]),
        );
      await checkInterval(redis, of, '1s');
      for (let n = 1; n <= 5_000; n++) await append(n, n < 3_000 ? 'aggTrade' : 'bookTicker');
      await checkInterval(redis, of, '1s');
      await append(10_000, 'kline_1h');
      await append(10_001, 'kline_1m');
      for (let n = 1; n <= 2_500; n++) await append(20_000 + n, 'bookTicker');
      await checkInterval(redis, of, '1m');
      assert.is(
        await refusalOf(checkInterval(redis, of, '1s')),
        `${instrument}, recording live: no candle of 1s is recorded; it holds candles of 1m, 1h`,
      );
    },
    ROWS.slice(0, 10),
  ));

async function refusalOf(work: Promise<void>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

test.run();
