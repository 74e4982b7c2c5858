import type { Redis } from 'ioredis';
import { BadInput } from '../../../infra/setup-error.ts';
import { KLINE_INTERVALS, type KlineInterval } from '../../../operators/kline-bars.ts';
import { decodeEntry } from '../../../streams/entry.ts';
import { parseEntryId } from '../../../streams/id.ts';
import { rawKey } from '../../../streams/keys.ts';
import { describeRecording, type RecordingName } from '../../../streams/recordings.ts';
import { spanEnds } from '../../../streams/stream-bounds.ts';

/** Where a log does not say what it holds it is looked at in so many places, at so many entries each. */
const [PLACES, ENTRIES_A_PLACE] = [10, 2_000];

/**
 * Whether a recording holds candles of an interval, without reading all of it. One that is still written is looked at in a
 * few places: a candle that is open is told every few seconds.
 * @throws BadInput where it holds candles of other intervals only, with their names
 */
export async function checkInterval(redis: Redis, of: RecordingName, interval: KlineInterval): Promise<void> {
  const counts = (await describeRecording(redis, of.instrument, of.recording))?.counts;
  if (counts?.[channelOf(interval)]) return;
  const held = counts === undefined ? await seenIntervals(redis, of, interval) : intervalsIn(Object.keys(counts));
  // What was seen in a few places says nothing where no candle was.
  if (!held.includes(interval) && (held.length > 0 || counts !== undefined)) throw noCandles(of, interval, held);
}

/** That candles of an interval are wanted which are not there. @param held intervals that are */
export function noCandles(
  { instrument, recording }: RecordingName,
  interval: KlineInterval,
  held: readonly KlineInterval[] = [],
): BadInput {
  const others = held.filter((each) => each !== interval);
  const rest = others.length === 0 ? 'don import brings candles in' : `it holds candles of ${others.join(', ')}`;
  return new BadInput(`${instrument}, recording ${recording}: no candle of ${interval} is recorded; ${rest}`);
}

/** Until the one that is wanted is seen. */
async function seenIntervals(
  redis: Redis,
  { instrument, recording }: RecordingName,
  wanted: KlineInterval,
): Promise<KlineInterval[]> {
  const key = rawKey(instrument, recording);
  const ends = await spanEnds(redis, key);
  if (ends === undefined) return [];
  const [firstMs, lastMs] = [parseEntryId(ends.first).ms, parseEntryId(ends.last).ms];
  const channels = new Set<string>();
  for (let place = 0; place < PLACES && !channels.has(channelOf(wanted)); place++) {
    const untilMs = Math.ceil(lastMs - ((lastMs - firstMs) * place) / PLACES);
    for (const [id, fields] of await redis.xrevrangeBuffer(key, untilMs, '-', 'COUNT', ENTRIES_A_PLACE))
      for (const { channel } of decodeEntry(id, fields).events) channels.add(channel);
  }
  return intervalsIn([...channels]);
}

function channelOf(interval: KlineInterval): string {
  return `kline_${interval}`;
}

/** The shortest first. */
function intervalsIn(channels: readonly string[]): KlineInterval[] {
  const all = Object.keys(KLINE_INTERVALS) as KlineInterval[];
  return all.filter((interval) => channels.includes(channelOf(interval)));
}
