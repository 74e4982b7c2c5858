import type { z } from 'zod';
import { nearestName } from './nearest-name.ts';
import { BadInput } from './setup-error.ts';

/**
 * The refusal of what a schema does not take, where its messages say what was expected.
 * @param whole what was checked, where no field of it is wrong but all of it
 * @param known names that there are at a place, for a key that is none of them
 */
export function fieldRefusal(
  issue: z.core.$ZodIssue,
  raw: unknown,
  whole: string,
  known: (path: readonly PropertyKey[]) => readonly string[],
): BadInput {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const names = known(path);
    const near = nearestName(key, names);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    return new BadInput(`${[...path, key].join('/')}: expected one of ${names.join(', ')}, found ${key}${hint}`);
  }
  const found = path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown>)?.[part], raw);
  const text = typeof found === 'number' ? String(found) : (JSON.stringify(found) ?? 'nothing');
  return new BadInput(`${path.join('/') || whole}: expected ${message}, found ${text}`);
}
