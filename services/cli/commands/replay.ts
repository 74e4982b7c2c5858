import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { streamOutput } from '../../exporter/output.ts';
import { rawEvents } from '../../exporter/raw-events.ts';
import { rawLine } from '../../exporter/raw-line.ts';
import { spansOf } from '../../exporter/span.ts';
import { chooseInstrument, chooseRecording } from '../choose-recording.ts';
import { command } from '../command.ts';
import { EXTENT_OPTIONS, readBounds } from '../extent-options.ts';

/** Events closer together than this are written at once. */
const PAUSE_MS_MIN = 5;

export default command({
  usage: ['replay --instrument I [--from T] [--to T] [--speed N|max] [--recording R]'],
  description: `Writes the events of the log as JSON lines, in the order in which they were received: entry_id, symbol, recording,
channel, receive_time (µs since the epoch) and payload, the venue's exact text. Times are receive times.`,
  examples: [
    'don replay --instrument simulated:BTCUSDT --from -1m',
    'don replay --instrument binance-usdm:BTCUSDT --from 2024-08-08T23:55:00Z --to 2024-08-08T23:56:00Z --speed 10',
  ],
  options: {
    ...EXTENT_OPTIONS,
    speed: { type: 'string', value: 'N|max', default: 'max', help: 'times the pace at which it was received' },
  },
  async run({ positionals, values, signal, say, servers }) {
    if (positionals.length > 0) throw new BadInput(`don replay: expected flags only, found ${positionals.join(' ')}`);
    const speed = readSpeed(values.speed);
    const bounds = readBounds(values);
    const { redisUrl } = await servers('redis');
    const redis = await connectRedis(redisUrl);
    const output = streamOutput(process.stdout);
    const pace = createPace(speed, signal);
    try {
      const instrument = await chooseInstrument(redis, values.instrument);
      const { recording: name } = values;
      const recording = name === undefined ? undefined : await chooseRecording(redis, instrument, name, undefined);
      const spans = await spansOf(redis, { instrument, recording, ...bounds }, say);
      for await (const page of rawEvents(redis, instrument, spans)) {
        let lines = '';
        for (const located of page) {
          const pauseMs = pace.pauseBefore(located.event.receiveTimeUs);
          if (pauseMs >= PAUSE_MS_MIN) {
            await output.write(Buffer.from(lines));
            lines = '';
            await pace.pause(pauseMs);
          }
          if (signal.aborted) break;
          lines += `${rawLine(instrument, located)}\n`;
        }
        await output.write(Buffer.from(lines));
        if (signal.aborted) break;
      }
    } finally {
      redis.disconnect();
    }
    return 0;
  },
});

function readSpeed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const speed = Number(text);
  if (text !== '' && Number.isFinite(speed) && speed > 0) return speed;
  throw new BadInput(`--speed: expected a number above 0, or max, found ${JSON.stringify(text)}`);
}

/** When each event is due, counted from the first so that pauses do not add up their errors. */
function createPace(speed: number, signal: AbortSignal) {
  let first: { readonly timeUs: number; readonly atMs: number } | undefined;
  return {
    pauseBefore(timeUs: number): number {
      if (speed === Number.POSITIVE_INFINITY) return 0;
      first ??= { timeUs, atMs: performance.now() };
      return first.atMs + (timeUs - first.timeUs) / 1000 / speed - performance.now();
    },
    pause: (ms: number) => sleep(ms, undefined, { signal }).catch(() => {}),
  };
}
