import { grouped, significant } from '../format/decimal.ts';
import type { FeatureOutput } from '../market/catalogue.ts';

const SUFFIXES: Readonly<Record<string, string>> = { percent: ' %', 'basis points': ' bp', seconds: ' s' };

/** How values of an output are written. */
export function formatOf({ unit, least, greatest }: FeatureOutput, priceDecimals: number): (value: number) => string {
  const suffix = SUFFIXES[unit] ?? '';
  const isBounded = least !== null && greatest !== null;
  if (unit === 'quote asset') return (value) => grouped(value, priceDecimals + 1);
  if (unit === 'log return') return (value) => `${significant(value * 10_000)} bp`;
  if (isBounded) return (value) => `${grouped(value, unit === 'percent' ? 1 : 3)}${suffix}`;
  return (value) => `${small(value)}${suffix}`;
}

/** Below this the digits of a decimal are nearly all noughts. */
const DECIMAL_MIN = 1e-5;

function small(value: number): string {
  const isTiny = value !== 0 && Math.abs(value) < DECIMAL_MIN;
  return isTiny ? value.toExponential(2).replaceAll('-', '−') : significant(value);
}
