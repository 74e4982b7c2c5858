import { fieldsOf, isObject } from '../api/fields.ts';

/** How the forward test of an account compares with the backtest of the same span. */
export interface DecisionComparison {
  /** Why nothing could be compared; null: it was. */
  readonly obstacle: string | null;
  /** That come out the same, up to the first that does not. */
  readonly decisions: number;
  /** How far the equities are apart at most, quote asset. */
  readonly differenceMax: number;
  /** null: all is the same. */
  readonly divergence: Divergence | null;
  /** In the order of time. */
  readonly points: readonly EquityPair[];
}

/** What an account was worth at a decision, quote asset; null: nothing was decided then. */
export interface EquityPair {
  readonly timeMs: number;
  readonly forward: number | null;
  readonly backtest: number | null;
}

/** The first event that comes out otherwise. */
export interface Divergence {
  /** Its place among the session's events, from 0. */
  readonly event: number;
  /** `decision`, or the name of another event. */
  readonly kind: string;
  /** Of the log; null: none was there yet. */
  readonly entryId: string | null;
  readonly timeMs: number | null;
  /** What differs, as the ledger has it and as it comes out; where one has nothing, all of it. */
  readonly differing: readonly { readonly field: string; readonly stored: string; readonly again: string }[];
}

/** A long observation would hide the rest. */
const TEXT_MAX = 160;

/** @throws TypeError naming the field that is not as expected */
export function readComparison(value: unknown): DecisionComparison {
  const fields = fieldsOf('comparison', value);
  const curves = fieldsOf('comparison/curves', fields.raw('curves'));
  const [forward, backtest] = [curves.list('forward'), curves.list('backtest')];
  const divergence = fields.raw('divergence');
  return {
    obstacle: fields.textOrNull('obstacle'),
    decisions: fields.number('decisions'),
    differenceMax: fields.number('differenceMax'),
    divergence: isObject(divergence) ? readDivergence(divergence) : null,
    points: curves.list('timesMs').map((timeMs, n) => ({
      timeMs: Number(timeMs),
      forward: numberOrNull(forward[n]),
      backtest: numberOrNull(backtest[n]),
    })),
  };
}

function readDivergence(value: unknown): Divergence {
  const fields = fieldsOf('comparison/divergence', value);
  const [stored, again] = [fields.raw('stored'), fields.raw('again')];
  const event = fieldsOf('comparison/divergence/stored', stored ?? again);
  const names = fields.list('fields').map(String);
  const textOf = (of: unknown, name: string): string => shortened(isObject(of) ? of[name] : of);
  return {
    event: fields.number('event'),
    kind: event.text('type') === 'decided' ? 'decision' : event.text('type'),
    entryId: fields.textOrNull('entryId'),
    timeMs: fields.numberOrNull('timeMs'),
    differing:
      names.length === 0
        ? [{ field: 'event', stored: shortened(stored), again: shortened(again) }]
        : names.map((field) => ({ field, stored: textOf(stored, field), again: textOf(again, field) })),
  };
}

function shortened(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
