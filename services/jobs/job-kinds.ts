import { createHash } from 'node:crypto';
import { z } from 'zod';
import { nearestName } from '../../infra/nearest-name.ts';
import { BadJobData, type JobDataError, type JobKind } from './job-kind.ts';
import { featuresBackfill } from './kinds/features-backfill.ts';
import { modelsWatch } from './kinds/models-watch.ts';
import { optimise } from './kinds/optimise.ts';
import { train } from './kinds/train.ts';
import { verify } from './kinds/verify.ts';
import { verifyDecisions } from './kinds/verify-decisions.ts';

/** Every kind of job: its file in kinds/, and its place here. */
export const JOB_KINDS = [
  featuresBackfill,
  modelsWatch,
  optimise,
  train,
  verify,
  verifyDecisions,
] as unknown as readonly JobKind[];

export const JOB_KIND_NAMES: readonly string[] = JOB_KINDS.map(({ name }) => name);

/** What may be repeated of what was found, characters. */
const FOUND_LENGTH_MAX = 200;

/** What was asked, checked. */
export interface AskedJob {
  readonly kind: JobKind;
  readonly data: unknown;
  /** The same for the same work. */
  readonly workId: string;
}

/** The kind of that name; undefined where there is none. */
export function jobKindNamed(name: string): JobKind | undefined {
  return JOB_KINDS.find((kind) => kind.name === name);
}

/** @throws BadJobData naming each field that is not as expected */
export function checkJob(name: unknown, data: unknown): AskedJob {
  const kind = typeof name === 'string' ? jobKindNamed(name) : undefined;
  if (kind === undefined) {
    const nearest = typeof name === 'string' ? nearestName(name, JOB_KIND_NAMES) : undefined;
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    throw new BadJobData([
      { field: 'kind', expected: `one of ${JOB_KIND_NAMES.join(', ')}${hint}`, found: foundText(name) },
    ]);
  }
  const asked = data ?? {};
  const checked = kind.data.safeParse(kind.asUsual?.(asked) ?? asked);
  if (!checked.success) throw new BadJobData(checked.error.issues.flatMap((issue) => fieldErrors(issue, data, kind)));
  const work = kind.sameWork?.(checked.data) ?? checked.data;
  const hash = createHash('sha256').update(sortedJson(work)).digest('hex').slice(0, 16);
  return { kind, data: checked.data, workId: `${kind.name}-${hash}` };
}

/** Names of the fields of a kind's data; where it takes several forms, of all, or of the one that some data have. */
export function dataFields({ data: schema }: JobKind, data?: unknown): readonly string[] {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return Object.keys((schema as z.ZodObject).shape ?? {});
  const { options, discriminator } = schema.def;
  const forms = (options as readonly z.ZodObject[]).filter(
    ({ shape }) => data === undefined || shape[discriminator]!.safeParse(at(data, [discriminator])).success,
  );
  return [...new Set(forms.flatMap(({ shape }) => Object.keys(shape)))];
}

function fieldErrors(issue: z.core.$ZodIssue, data: unknown, kind: JobKind): JobDataError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = dataFields(kind, data);
    return issue.keys.map((key) => {
      const nearest = nearestName(key, known);
      const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
      const expected = `only ${known.join(', ')}${hint}`;
      return { field: ['data', ...path, key].join('/'), expected, found: foundText(at(data, [...path, key])) };
    });
  }
  return [{ field: ['data', ...path].join('/'), expected: issue.message, found: foundText(at(data, path)) }];
}

function at(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], data);
}

function foundText(value: unknown): string | null {
  if (value === undefined) return null;
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, FOUND_LENGTH_MAX);
}

/** The same for the same data, whatever the order of its fields. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
