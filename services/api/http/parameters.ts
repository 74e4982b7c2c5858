import { z } from '@hono/zod-openapi';
import { parseInstrument } from '../../../streams/instrument.ts';
import { checkRecording } from '../../../streams/keys.ts';
import { instrumentError } from '../live/topics.ts';
import { EXPECTED_INSTANT, type Instant, parseInstant } from './instant.ts';

/** Parameters of one route: others are refused by name. */
export function parameters<Shape extends Record<string, z.ZodType>>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : undefined),
  });
}

/** A text that appears once and becomes a value by `parse`, which throws or gives undefined for what it cannot read. */
export function parsed<T>(expected: string, parse: (text: string) => T | undefined) {
  return z.string({ error: () => expected }).transform((text, context): T => {
    const value = attempt(parse, text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: expected, input: text });
    return z.NEVER;
  });
}

function attempt<T>(parse: (text: string) => T | undefined, text: string): T | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

export function integer(min: number, max: number) {
  return parsed(`an integer from ${min} to ${max}`, (text) => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  });
}

export function oneOf<const Names extends readonly string[]>(names: Names) {
  return parsed(`one of ${names.join(', ')}`, (text) => names.find((name): name is Names[number] => name === text));
}

/** @param nowMs of the request, since the epoch */
export const instant = parsed(EXPECTED_INSTANT, (text): Instant => parseInstant(text, Date.now()));

export const instrument = z
  .string({ error: () => 'venue:SYMBOL such as simulated:BTCUSDT' })
  .superRefine((name, context) => {
    const error = instrumentError('instrument', name);
    if (error) context.issues.push({ code: 'custom', message: error.expected, input: name });
  })
  .transform((name) => parseInstrument(name).name);

export const recording = parsed('live, or the 12 hex digits that name an import', checkRecording);

const DURATION = /^([1-9]\d{0,3})([smhd])$/;

/** A span such as 1s, as QuestDB writes it too. */
export const duration = parsed('a span such as 1s, 5m, 1h or 1d', (text) => DURATION.exec(text)?.[0]);
