import type { FeatureDefinition } from '../../../operators/features/definition.ts';
import type { FeatureInput, FeatureInputType, InputOf } from '../../../operators/features/feature-input.ts';

/** An input with the latest time up to it: what comes out of order does not turn time back. */
export interface Timed<Event = FeatureInput> {
  readonly event: Event;
  readonly ms: number;
}

function ownMs(event: FeatureInput): number {
  if ('transactionTimeMs' in event) return event.transactionTimeMs;
  if ('timeMs' in event) return event.timeMs;
  return 'eventTimeMs' in event ? event.eventTimeMs : 0;
}

/** Inputs with their times. */
function timed(inputs: readonly FeatureInput[]): Timed[] {
  let ms = 0;
  return inputs.map((event) => {
    ms = Math.max(ms, ownMs(event));
    return { event, ms };
  });
}

export const isBookBreak = ({ event }: Timed): boolean => event.type === 'bookBreak';
export const isGapOf =
  (...channels: readonly string[]) =>
  ({ event }: Timed): boolean =>
    event.type === 'gap' && channels.includes(event.channel);
export const isTradeGap = isGapOf('aggTrade', 'trade');

/** What came after the last of these. */
export function since(past: readonly Timed[], isBreak: (timed: Timed) => boolean): readonly Timed[] {
  return past.slice(past.findLastIndex(isBreak) + 1);
}

/** Those of one type. */
export function ofType<Type extends FeatureInputType>(past: readonly Timed[], type: Type): Timed<InputOf<Type>>[] {
  return past.filter((one): one is Timed<InputOf<Type>> => one.event.type === type);
}

/** A value for each input, from all that the feature has seen up to it. */
export function naively<Value>(
  definition: FeatureDefinition,
  inputs: readonly FeatureInput[],
  value: (past: readonly Timed[]) => Value | null,
): (Value | null)[] {
  const isSeen = ({ type }: FeatureInput): boolean => definition.inputs.includes(type);
  const seen = timed(inputs.filter(isSeen));
  let count = 0;
  return inputs.map((event) => {
    if (isSeen(event)) count++;
    return value(seen.slice(0, count));
  });
}

/** Time of the last input. */
export const nowOf = (past: readonly Timed[]): number => past.at(-1)?.ms ?? 0;

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;
