import { z } from 'zod';
import { fieldRefusal } from '../../../infra/field-refusal.ts';

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
  throw fieldRefusal(checked.error.issues[0]!, raw, 'settings', (path) => keysAt(settings, path));
}

/** Names of a schema's part; defaults and the like about it have none of their own. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [part, ...rest] = path;
  if (!(schema instanceof z.ZodObject))
    return 'unwrap' in schema ? keysAt((schema.unwrap as () => z.ZodType)(), path) : [];
  return part === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[part as string], rest);
}

/** What a schedule leaves of a value when `done` of all steps are done. */
export function scheduled(value: number, kind: z.output<typeof schedule>, done: number): number {
  return kind === 'constant' ? value : value * Math.max(0, 1 - done);
}
