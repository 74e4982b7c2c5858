import { until } from '../../support/until.ts';
import { INSTRUMENT, type RunningRecorder } from './rig.ts';

/** Channels on which the venue's model speaks all the time; `markPrice` once in each second of its market. */
export const BUSY = ['depth', 'bookTicker', 'aggTrade', 'kline_1m', 'markPrice'];

/** Waits until the log has so many more events of each of the channels. */
export async function moreOf(
  recorder: RunningRecorder,
  count: number,
  channels: readonly string[] = BUSY,
): Promise<void> {
  const { counts } = recorder.instruments.get(INSTRUMENT)!;
  const before = new Map(channels.map((channel) => [channel, counts.of(channel).events]));
  await until(`${count} more of ${channels.join(', ')}`, () =>
    channels.every((channel) => counts.of(channel).events >= before.get(channel)! + count),
  );
}

/** Waits until every connection is live and what a break left has been put right: the book, the trades. */
export async function recovered(recorder: RunningRecorder): Promise<void> {
  const { depth, trades } = recorder.instruments.get(INSTRUMENT)!;
  await until('live connections', () => recorder.feeds.every((feed) => feed.state().phase === 'live'));
  await moreOf(recorder, 1);
  await until('a whole book and whole trades', () => !depth().isSynchronising && !trades().isRefilling);
}

/** Waits until all that is recorded has begun. */
export async function atWork(recorder: RunningRecorder): Promise<void> {
  const { counts } = recorder.instruments.get(INSTRUMENT)!;
  await recovered(recorder);
  await until('open interest', () => counts.of('openInterest').events > 0);
}

/** Waits until the recorder has received every busy channel for so long without a break. */
export async function liveFor(recorder: RunningRecorder, forMs: number): Promise<void> {
  const { live } = recorder.instruments.get(INSTRUMENT)!;
  await until(`every channel live for ${forMs} ms`, () =>
    BUSY.every((channel) => performance.now() - (live.get(channel) ?? Number.POSITIVE_INFINITY) >= forMs),
  );
}
