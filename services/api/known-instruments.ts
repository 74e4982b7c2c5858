import type { Redis } from 'ioredis';
import { nearestName } from '../../infra/nearest-name.ts';
import { listInstruments } from '../../streams/recordings.ts';
import { ProblemError } from './http/problem.ts';

/** Refuses an instrument that has no recording. */
export type CheckKnown = (field: string, instruments: readonly string[]) => Promise<void>;

export function createCheckKnown(redis: Redis): CheckKnown {
  return async (field, instruments) => {
    if (instruments.length === 0) return;
    const known = await listInstruments(redis);
    const unknown = instruments.find((instrument) => !known.includes(instrument));
    if (unknown === undefined) return;
    const nearest = nearestName(unknown, known);
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    const expected =
      known.length === 0 ? 'an instrument with a recording; there is none yet' : `one of ${known.join(', ')}${hint}`;
    const errors = [{ field, expected, found: unknown }];
    throw new ProblemError('not-found', { detail: `${field}: expected ${expected}, found ${unknown}`, errors });
  };
}
