import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Projection } from '../../../operators/fold.ts';
import type { Candle } from '../../../operators/indicators/candle.ts';
import { loadTulind, type Tulind } from '../../support/tulind.ts';
import { walk } from './bars.ts';
import { near, run } from './check-indicator.ts';

const RELATIVE = 1e-9;
/** Of what lies between 0 and 100: tulind's sums do not come back to 0 where nothing moves. */
const ABSOLUTE = 1e-9;

type Column = 'open' | 'high' | 'low' | 'close' | 'volume';
export const CLOSE: readonly Column[] = ['close'];
export const HL: readonly Column[] = ['high', 'low'];
export const HLC: readonly Column[] = ['high', 'low', 'close'];
export const HLCV: readonly Column[] = ['high', 'low', 'close', 'volume'];
export const CLOSES = (candle: Candle): number => candle.close;
export const BARS = (candle: Candle): Candle => candle;

/** One of ours beside one of tulind's. */
export interface Compared {
  readonly name: string;
  readonly options: readonly number[];
  readonly columns: readonly Column[];
  /** What ours says of each bar, or undefined. */
  readonly ours: (bars: readonly Candle[]) => unknown[];
  readonly outputs: readonly string[];
  readonly scale: Scale;
}

interface Scale {
  /** Ours over tulind's; 1 if not said. */
  readonly unit?: number;
  /** Ticks that all prices are made lower by, for what does not change by it: tulind loses digits where they are high. */
  readonly origin?: number;
}

/**
 * @param name tulind's, as the options and the columns that it reads
 * @param outputs which of ours are tulind's, in tulind's order; '' is the output itself
 */
export function compared<Input, State>(
  name: string,
  options: readonly number[],
  columns: readonly Column[],
  inputOf: (candle: Candle) => Input,
  projection: Projection<Input, State, unknown>,
  outputs: readonly string[],
  scale: Scale = {},
): Compared {
  const ours = (bars: readonly Candle[]): unknown[] => run(projection, bars.map(inputOf));
  return { name, options, columns, ours, outputs, scale };
}

/** @returns how many values were compared */
function compare(tulind: Tulind, each: Compared, bars: readonly Candle[]): number {
  const { name, options, columns, outputs, scale } = each;
  const inputs = columns.map((column) => bars.map((bar) => bar[column]));
  const reference = tulind.run(name, inputs, options);
  let count = 0;
  for (const [n, said] of each.ours(bars).entries()) {
    // cci speaks as soon as the mean distance is known, where tulind waits for as long again.
    if (said === undefined || (name === 'cci' && n < reference.start)) continue;
    assert.ok(n >= reference.start, `${name} ${options}: ours speaks at ${n}, tulind from ${reference.start} on`);
    for (const [at, output] of outputs.entries()) {
      const found = (output === '' ? said : Reflect.get(said as object, output)) as number;
      const expected = reference.outputs[at]![n - reference.start]!;
      // It divides 0 by 0 where nothing moved; what ours says there is tested with the others' definitions.
      if (Number.isNaN(expected)) continue;
      near(found / (scale.unit ?? 1), expected, `${name} ${options} ${output} at ${n}`, RELATIVE, ABSOLUTE);
      count++;
    }
  }
  return count;
}

const tulind = await loadTulind();
/** Without the stretches in which nothing moves: there tulind takes roots of what is below 0. */
const MOVING = walk(5_000, 11).filter((_, n) => n % 100 < 60);

function priced(bars: readonly Candle[], origin: number, ticksAPrice: number, stepsAVolume: number): Candle[] {
  const price = (ticks: number): number => (ticks - origin) / ticksAPrice;
  return bars.map(({ open, high, low, close, volume }) => ({
    open: price(open),
    high: price(high),
    low: price(low),
    close: price(close),
    volume: volume / stepsAVolume,
  }));
}

/** That ours are tulind's, in ticks and in prices. */
export function testAgainstTulind(test: Test, each: Compared): void {
  test(`${each.name} ${each.options} is tulind's, in ticks and in prices`, () => {
    if (tulind === undefined) return;
    const { origin = 0 } = each.scale;
    for (const bars of [priced(MOVING, origin, 1, 1), priced(MOVING, origin, 10, 1_000)])
      assert.ok(compare(tulind, each, bars) > 2_000);
  });
}
