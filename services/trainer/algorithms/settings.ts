import { z } from 'zod';
import { nearestName } from '../../../infra/nearest-name.ts';
import { BadInput } from '../../../infra/setup-error.ts';

/** Fields that the settings of several algorithms have; messages say what was expected. */

export const fraction = z.number('a number from 0 to 1').min(0, 'a number from 0 to 1').max(1, 'a number from 0 to 1');
export const positive = z.number('a number above 0').positive('a number above 0');
export const schedule = z.enum(['constant', 'linear'], 'constant or linear');
export const layerSizes = z.array(whole(1), 'sizes of hidden layers, such as [64, 64]');

export function whole(least: number): z.ZodInt {
  const expected = `a whole number of at least ${least}`;
  return z.int(expected).min(least, expected);
}

/**
 * Settings with all that was not said as it is usual.
 * @throws BadInput that names the field, what was expected and what was found
 */
export function checkSettings<Settings extends z.ZodObject>(settings: Settings, raw: unknown): z.output<Settings> {
  const checked = settings.safeParse(raw);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = Object.keys(settings.shape);
    const near = nearestName(key, known);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    throw new BadInput(`${key}: expected one of ${known.join(', ')}, found ${key}${hint}`);
  }
  const found = issue.path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown>)?.[part], raw);
  const text = typeof found === 'number' ? String(found) : (JSON.stringify(found) ?? 'nothing');
  throw new BadInput(`${issue.path.join('/') || 'settings'}: expected ${issue.message}, found ${text}`);
}

/** What a schedule leaves of a value when `done` of all steps are done. */
export function scheduled(value: number, kind: z.output<typeof schedule>, done: number): number {
  return kind === 'constant' ? value : value * Math.max(0, 1 - done);
}
