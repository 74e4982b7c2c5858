import type { TimedCandle } from '../../../operators/indicators/candle.ts';
import { seededRandom } from '../market-events.ts';

/** Ten minutes before a day of UTC ends. */
const START_MS = Date.UTC(2026, 0, 1, 23, 50);

/** A seeded walk of bars of a minute in ticks, with a flat stretch in which nothing moves. */
export function walk(count: number, seed = 7): TimedCandle[] {
  const random = seededRandom(seed);
  const upTo = (ticks: number): number => Math.floor(random() * (ticks + 1));
  let close = 600_000;
  return Array.from({ length: count }, (_, n) => {
    const open = close;
    const isFlat = n % 100 >= 60 && n % 100 < 90;
    if (!isFlat) close += upTo(400) - 200;
    const reach = isFlat ? 0 : 100;
    return {
      openTimeMs: START_MS + n * 60_000,
      open,
      high: Math.max(open, close) + upTo(reach),
      low: Math.min(open, close) - upTo(reach),
      close,
      volume: isFlat ? 0 : upTo(5_000),
    };
  });
}
