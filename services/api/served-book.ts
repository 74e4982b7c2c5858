import type { Redis } from 'ioredis';
import { bookAt } from '../../pipelines/book-at.ts';
import type { Scale } from '../../streams/events/scale.ts';
import type { Book, BookMoment } from './dependencies.ts';

/** Rebuilds a past book from the log, as the API answers it; undefined where the log holds nothing up to then. */
export async function servedBook(
  redis: Redis,
  instrument: string,
  recording: string,
  moment: BookMoment,
  levels: number,
): Promise<Book | undefined> {
  const at = 'entryId' in moment ? moment.entryId : Math.floor(moment.timeUs / 1_000);
  const found = await bookAt({ redis, instrument, recording, at, levels });
  if (found.invalidity === 'no-data' || found.entryId === null) return undefined;
  const { updateId, transactionTimeMs, bidTicks, bidSteps, askTicks, askSteps } = found.levels;
  const isValid = found.invalidity === null;
  return {
    instrument,
    recording,
    entry_id: found.entryId,
    ts: isValid ? transactionTimeMs * 1_000 : found.receiveTimeUs!,
    receive_time: found.receiveTimeUs!,
    update_id: isValid ? updateId : null,
    valid: isValid,
    ...(found.invalidity === null ? {} : { reason: found.invalidity }),
    bids: side(bidTicks, bidSteps, found.scale),
    asks: side(askTicks, askSteps, found.scale),
  };
}

function side(ticks: Float64Array, steps: Float64Array, scale: Scale | undefined): [price: string, qty: string][] {
  // Without a scale no depth event could be decoded, so there are no levels.
  if (scale === undefined) return [];
  return Array.from(ticks, (tick, n) => [scale.price.toText(tick), scale.qty.toText(steps[n]!)]);
}
