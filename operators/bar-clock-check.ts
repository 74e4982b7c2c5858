import type { BarClock } from './bar-clock.ts';
import { KLINE_INTERVALS } from './kline-bars.ts';

interface Range {
  readonly least: number;
  /** Whether the least is itself too little. */
  readonly isOpen?: boolean;
  readonly most: number;
  readonly isWhole: boolean;
  readonly unit?: string;
}

type FieldCheck = Range | readonly string[];

const DAY_MS = 86_400_000;
const TRADES: Range = { least: 1, most: 1_000_000, isWhole: true };
const RESTART: Range = { least: 1_000, most: 7 * DAY_MS, isWhole: true, unit: 'ms' };

/** The fields of each kind, in the order in which they are part of a set's definition. */
const FIELDS: Readonly<Record<BarClock['kind'], Readonly<Record<string, FieldCheck>>>> = {
  time: { intervalMs: { least: 1, most: 7 * DAY_MS, isWhole: true, unit: 'ms' } },
  kline: { interval: Object.keys(KLINE_INTERVALS) },
  tick: { trades: TRADES, restartMs: RESTART },
  volume: { qty: { least: 0, isOpen: true, most: 1e12, isWhole: false }, restartMs: RESTART },
  dollar: { notional: { least: 0, isOpen: true, most: 1e15, isWhole: false }, restartMs: RESTART },
  imbalance: {
    of: ['tick', 'volume', 'dollar'],
    expectedTrades: TRADES,
    span: { least: 1, most: 1_000, isWhole: true },
    restartMs: RESTART,
  },
};

/**
 * The clock with its fields in one order, so that equal clocks are equal as text.
 * @param at where it stands, for the error
 * @throws RangeError that names the field, what was expected and what was found
 */
export function checkedClock<Clock extends BarClock>(at: string, clock: Clock): Clock {
  const kinds = Object.keys(FIELDS);
  if (!kinds.includes(clock.kind))
    throw new RangeError(`${at}, kind: expected one of ${kinds.join(', ')}, found ${String(clock.kind)}`);
  const checks = FIELDS[clock.kind];
  const names = Object.keys(checks);
  for (const name of Object.keys(clock))
    if (name !== 'kind' && !names.includes(name))
      throw new RangeError(`${at}, ${name}: expected fields among kind, ${names.join(', ')}, found ${name}`);
  const checked: Record<string, unknown> = { kind: clock.kind };
  for (const name of names) {
    const value: unknown = Reflect.get(clock, name);
    if (name === 'restartMs' && value === undefined) continue;
    checkField(`${at}, ${name}`, checks[name]!, value);
    checked[name] = value;
  }
  return checked as unknown as Clock;
}

function checkField(at: string, check: FieldCheck, value: unknown): void {
  if ('least' in check) checkNumber(at, check, value);
  else if (!check.some((name) => name === value))
    throw new RangeError(`${at}: expected one of ${check.join(', ')}, found ${String(value)}`);
}

function checkNumber(at: string, { least, isOpen = false, most, isWhole, unit }: Range, value: unknown): void {
  const isNumber = typeof value === 'number' && (!isWhole || Number.isSafeInteger(value));
  if (isNumber && value <= most && (isOpen ? value > least : value >= least)) return;
  const kind = `${isWhole ? 'a whole number' : 'a number'}${unit === undefined ? '' : ` of ${unit}`}`;
  const range = isOpen ? `above ${least}, up to ${most}` : `from ${least} to ${most}`;
  throw new RangeError(`${at}: expected ${kind} ${range}, found ${String(value)}`);
}
