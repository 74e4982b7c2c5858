import { z } from 'zod';

const streamGlob = z.string().min(1).default('*');
const pathClass = z.enum(['public', 'market', 'private']).optional();
const positive = z.number().int().positive();

/** Which of the matching frames a rule touches. */
const selection = {
  /** Stream name, `*` for any run of characters. */
  stream: streamGlob,
  /** Frames that pass before the rule begins. */
  after: z.number().int().nonnegative().default(0),
  /** Frames touched; when it is absent, one, or without end where a probability is given. */
  count: positive.optional(),
  probability: z.number().gt(0).max(1).optional(),
};

export const CORRUPTIONS = [
  'truncate',
  'not-json',
  'bad-number',
  'empty-price',
  'negative-quantity',
  'inverted-ids',
  'unsafe-id',
  'unknown-event',
  'new-field',
  'concatenate',
  'binary',
  'huge',
] as const;

export const REST_ANSWERS = [
  '429',
  '418',
  '503',
  '503-unknown',
  '408',
  'overload',
  'delay',
  'html',
  'truncated',
  'empty',
  'hang',
  'reset',
  'stale-snapshot',
] as const;

/** Every fault that can be asked for, as the body of `POST /control/faults`. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop'), ...selection }),
  z.strictObject({ kind: z.literal('duplicate'), ...selection }),
  z.strictObject({ kind: z.literal('swap'), ...selection }),
  z.strictObject({ kind: z.literal('corrupt'), how: z.enum(CORRUPTIONS), ...selection }),
  z.strictObject({ kind: z.literal('delay'), delayMs: positive.max(600_000), ...selection }),
  z.strictObject({ kind: z.literal('silence'), stream: streamGlob }),
  z.strictObject({ kind: z.literal('clock-skew'), skewMs: z.number().int() }),
  z.strictObject({
    kind: z.literal('cut'),
    path: pathClass,
    connection: positive.optional(),
    code: positive.optional(),
  }),
  z.strictObject({ kind: z.literal('half-open'), path: pathClass, connection: positive.optional() }),
  z.strictObject({
    kind: z.literal('refuse'),
    path: pathClass,
    how: z.enum(['reset', '403', '429', '503']).default('reset'),
    count: positive.optional(),
  }),
  z.strictObject({
    kind: z.literal('rest'),
    /** Path of the request, `*` for any run of characters. */
    path: z.string().min(1).default('*'),
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
    answer: z.enum(REST_ANSWERS),
    /** True: the request is done all the same, and only its answer is spoiled. */
    executes: z.boolean().default(false),
    /** Of `delay`. */
    delayMs: positive.max(600_000).optional(),
    /** Requests that pass before the rule begins. */
    after: z.number().int().nonnegative().default(0),
    count: positive.optional(),
    retryAfterSeconds: z.number().int().nonnegative().optional(),
  }),
  z.strictObject({
    kind: z.literal('instrument'),
    symbol: z.string().min(1),
    status: z.enum(['TRADING', 'HALT', 'BREAK', 'SETTLING']).optional(),
    tickSize: z.string().min(1).optional(),
  }),
]);

export type Fault = z.infer<typeof faultSchema>;
export type FrameFault = Extract<Fault, { kind: 'drop' | 'duplicate' | 'swap' | 'corrupt' | 'delay' | 'silence' }>;
export type RestFault = Extract<Fault, { kind: 'rest' }>;
export type RefuseFault = Extract<Fault, { kind: 'refuse' }>;

/** A fault as it may be written: what has a default may be left out. */
export type FaultRequest = z.input<typeof faultSchema>;

/** @throws RangeError naming each wrong field. */
export function parseFault(body: unknown): Fault {
  const parsed = faultSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'fault'}: ${issue.message}`);
  throw new RangeError(problems.join('; '));
}

/** Matches `*` with any run of characters, everything else with itself. */
export function globPattern(glob: string): RegExp {
  const escaped = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`);
}
