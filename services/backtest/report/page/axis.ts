import { decimal, utc } from '../numbers.ts';

/** Marks of an axis, at round numbers. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Steps of 1, 2 or 5 times a power of ten, about `count` of them. */
export function numberTicks(least: number, greatest: number, count: number): Tick[] {
  const rough = (greatest - least) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough * 0.7)!;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Tick[] = [];
  for (let n = Math.ceil(least / step - 1e-9); n * step <= greatest + step * 1e-9; n++)
    ticks.push({ value: n * step, label: decimal(n * step, Math.min(10, decimals)) });
  return ticks;
}

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];
const STEPS = [
  ...[1, 2, 5, 10, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10].map((n) => n * DAY),
];
const TICKS_MAX = 7;

/** Times of UTC at round hours, days or months, at most seven. */
export function timeTicks(fromMs: number, toMs: number): Tick[] {
  const step = STEPS.find((ms) => (toMs - fromMs) / ms <= TICKS_MAX);
  if (step === undefined) return monthTicks(fromMs, toMs);
  const ticks: Tick[] = [];
  for (let timeMs = Math.ceil(fromMs / step) * step; timeMs <= toMs; timeMs += step) {
    const [date, time] = [utc(timeMs).slice(5, 10), utc(timeMs).slice(11, step < MINUTE ? 19 : 16)];
    ticks.push({ value: timeMs, label: timeMs % DAY === 0 ? date : time });
  }
  return ticks;
}

function monthTicks(fromMs: number, toMs: number): Tick[] {
  const [first, last] = [monthOf(fromMs) + 1, monthOf(toMs)];
  const every = [1, 2, 3, 6, 12, 24, 60].find((months) => (last - first) / months < TICKS_MAX) ?? 120;
  const ticks: Tick[] = [];
  for (let month = Math.ceil(first / every) * every; month <= last; month += every) {
    const timeMs = Date.UTC(Math.floor(month / 12), month % 12);
    ticks.push({ value: timeMs, label: utc(timeMs).slice(0, 7) });
  }
  return ticks;
}

/** Months since the year 0. */
function monthOf(timeMs: number): number {
  const date = new Date(timeMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Class of a label near an end, which stays within. */
export function edge(share: number): string {
  return share < 0.03 ? ' first' : share > 0.97 ? ' last' : '';
}
