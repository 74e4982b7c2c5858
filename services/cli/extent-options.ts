import { BadInput } from '../../infra/setup-error.ts';
import type { Bound } from '../exporter/span.ts';
import { parseTimeFlag } from './time.ts';

/** Flags of commands that read a span of an instrument's history. */
export const EXTENT_OPTIONS = {
  instrument: { type: 'string', value: 'I', help: 'venue:SYMBOL' },
  from: { type: 'string', value: 'T', help: 'first instant: RFC 3339 time, age such as -15m, or entry id' },
  to: { type: 'string', value: 'T', help: 'end: the same; a time is the first that no longer counts' },
  recording: { type: 'string', value: 'R', help: 'one recording; without it those that cover the time' },
} as const;

/** @throws BadInput where a flag is no time, or the end lies before the beginning */
export function readBounds(values: { readonly from?: string | undefined; readonly to?: string | undefined }): {
  readonly from: Bound | undefined;
  readonly to: Bound | undefined;
} {
  const nowUs = Date.now() * 1000;
  const from = readBound('from', values.from, nowUs);
  const to = readBound('to', values.to, nowUs);
  const isEmpty = from !== undefined && to !== undefined && from.timeUs > to.timeUs;
  if (isEmpty) throw new BadInput(`--to: expected a time after --from ${values.from}, found ${values.to}`);
  return { from, to };
}

function readBound(name: string, text: string | undefined, nowUs: number): Bound | undefined {
  if (text === undefined) return undefined;
  try {
    return parseTimeFlag(name, text, nowUs);
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
}
