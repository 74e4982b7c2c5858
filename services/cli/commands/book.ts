import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { type BookAt, bookAt } from '../../../pipelines/book-at.ts';
import type { Grid } from '../../../streams/events/scale.ts';
import { chooseInstrument, chooseRecording } from '../choose-recording.ts';
import { command } from '../command.ts';
import { formatTime, parseTimeFlag } from '../time.ts';

const LEVELS_MAX = 5_000;

export default command({
  usage: ['book --instrument I [--at T] [--levels N] [--recording R]'],
  description:
    'Rebuilds the book from the nearest snapshot before T and the changes since, as they had been received at T. Exits with 1 where the book was not valid then, and says why.',
  examples: [
    'don book --instrument simulated:BTCUSDT',
    'don book --instrument binance-usdm:BTCUSDT --at 2024-08-08T23:55:00Z --levels 5',
  ],
  options: {
    instrument: { type: 'string', value: 'I', help: 'venue:SYMBOL' },
    at: { type: 'string', value: 'T', default: 'now', help: 'RFC 3339 time, age such as -15m, or entry id' },
    levels: { type: 'string', value: 'N', default: '10', help: 'levels a side' },
    recording: { type: 'string', value: 'R', help: 'recording; without it the one that covers T' },
  },
  async run({ values, json, print, servers }) {
    const levels = readLevels(values.levels);
    const at = parseTimeFlag('at', values.at, Date.now() * 1_000);
    const { redisUrl } = await servers('redis');
    const redis = await connectRedis(redisUrl);
    try {
      const instrument = await chooseInstrument(redis, values.instrument);
      const recording = await chooseRecording(redis, instrument, values.recording, at.timeUs);
      const book = await bookAt({
        redis,
        instrument,
        recording,
        at: at.entryId ?? Math.floor(at.timeUs / 1_000),
        levels,
      });
      print(json ? JSON.stringify({ instrument, recording, ...toJson(book) }) : toText(instrument, recording, book));
      return book.invalidity === null ? 0 : 1;
    } finally {
      redis.disconnect();
    }
  },
});

function readLevels(text: string): number {
  const levels = Number(text);
  if (Number.isInteger(levels) && levels >= 1 && levels <= LEVELS_MAX) return levels;
  throw new BadInput(`--levels: expected a whole number from 1 to ${LEVELS_MAX}, found ${JSON.stringify(text)}`);
}

type Side = readonly (readonly [price: string, qty: string])[];

function sides({ levels, scale }: BookAt): { bids: Side; asks: Side } {
  const texts = (ticks: Float64Array, steps: Float64Array, price: Grid, qty: Grid): Side =>
    Array.from(ticks, (tick, n) => [price.toText(tick), qty.toText(steps[n]!)]);
  if (scale === undefined) return { bids: [], asks: [] };
  return {
    bids: texts(levels.bidTicks, levels.bidSteps, scale.price, scale.qty),
    asks: texts(levels.askTicks, levels.askSteps, scale.price, scale.qty),
  };
}

function toJson(book: BookAt): Record<string, unknown> {
  return {
    valid: book.invalidity === null,
    reason: book.invalidity,
    entry_id: book.entryId,
    receive_time: book.receiveTimeUs,
    ts: book.levels.transactionTimeMs * 1_000,
    update_id: book.levels.updateId,
    ...sides(book),
  };
}

function toText(instrument: string, recording: string, book: BookAt): string {
  const received = book.receiveTimeUs === null ? 'nothing received' : `received ${formatTime(book.receiveTimeUs)}`;
  const head = `${instrument}   recording ${recording}   ${received}   entry ${book.entryId ?? '–'}`;
  if (book.invalidity !== null) return `${head}\nThe book is not valid: ${book.invalidity}.`;
  const { bids, asks } = sides(book);
  const all = [...bids, ...asks];
  const width = (n: 0 | 1): number => Math.max(...all.map((level) => level[n].length), 5);
  const line = (label: string, [price, qty]: readonly [string, string]): string =>
    `${label.padEnd(4)}${price.padStart(width(0) + 2)}${qty.padStart(width(1) + 3)}`;
  const rows = [...asks.map((level) => line('ask', level)).reverse(), '', ...bids.map((level) => line('bid', level))];
  return [head, `update ${book.levels.updateId}`, '', ...rows].join('\n');
}
