import { fieldsOf, isObject } from '../api/fields.ts';

/** What a pass over a span of time was worth, with all costs. */
export interface Figures {
  /** `seed 1`, `flat`, … */
  readonly name: string;
  /** Return: 0.01 is 1 %. */
  readonly total: number;
  /** A year; null: nothing moved. */
  readonly sharpe: number | null;
  /** 95 %, of the Sharpe ratio; null: there is none. */
  readonly sharpeInterval: Bounds | null;
  /** Above 0. */
  readonly maxDrawdown: number;
  /** Orders. */
  readonly filled: number;
  /** Quote asset. */
  readonly fees: number;
  /** Quote asset, positive: received. */
  readonly funding: number;
  readonly liquidations: number;
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** @throws TypeError naming the field that is not as expected */
export function readFigures(value: unknown): Figures {
  const fields = fieldsOf('figures', value);
  const interval = fields.raw('sharpeInterval');
  return {
    name: fields.text('name'),
    total: fields.number('total'),
    sharpe: fields.numberOrNull('sharpe'),
    sharpeInterval: isObject(interval) ? readBounds(interval) : null,
    maxDrawdown: fields.number('maxDrawdown'),
    filled: fields.number('filled'),
    fees: fields.number('fees'),
    funding: fields.number('funding'),
    liquidations: fields.number('liquidations'),
  };
}

function readBounds(value: unknown): Bounds {
  const fields = fieldsOf('figures/sharpeInterval', value);
  return { low: fields.number('low'), high: fields.number('high') };
}

/** A part of the log, ms since the epoch; the second is not included. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Of one in µs. @throws TypeError naming the field */
export function readSpan(kind: string, value: unknown): Span {
  const fields = fieldsOf(kind, value);
  return { fromMs: fields.timeMs('from'), toMs: fields.timeMs('to') };
}
