import { z } from 'zod';
import { nearestName } from '../../infra/nearest-name.ts';
import { QUEUE_MODELS } from '../../operators/matching/queue-model.ts';
import { RISK_LIMIT_SAYS, type RiskLimits } from '../../operators/risk/risk-limits.ts';
import { SEARCHES } from '../../operators/search/searches.ts';
import { EXPECTED_LATENCY, latencyOf } from '../backtest/latency-of.ts';
import { instrumentField, recordingField, text } from '../jobs/job-fields.ts';
import { durationMs, EXPECTED_DURATION } from './duration.ts';
import { OBJECTIVE_NAMES } from './objectives.ts';

/** More is a mistake rather than a study. */
const TRIALS_MAX = 100_000;
const WORKERS_MAX = 64;
const EXPECTED_LIMIT = 'a number from 0, or off';
const EXPECTED_TIME = 'a time in µs since the epoch, or as text such as 2024-08-09T00:00:00Z';

const oneOf = (names: readonly string[]) =>
  z.string(`one of ${names.join(', ')}`).refine((name) => names.includes(name), {
    error: ({ input }) => {
      const nearest = nearestName(String(input), names);
      return `one of ${names.join(', ')}${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}`;
    },
  });

const whole = (least: number, most: number) => {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int(expected).min(least, expected).max(most, expected);
};

const number = (least: number, most: number) => {
  const expected = `a number from ${least} to ${most}`;
  return z.number(expected).min(least, expected).max(most, expected);
};

const length = () => text(EXPECTED_DURATION, (value) => (durationMs(value) === undefined ? undefined : value));

const time = z.union(
  [
    z.int(EXPECTED_TIME).nonnegative(EXPECTED_TIME),
    z
      .string(EXPECTED_TIME)
      .refine((value) => /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value)), EXPECTED_TIME),
  ],
  EXPECTED_TIME,
);

const range = z.strictObject(
  {
    from: z.number('a number'),
    to: z.number('a number'),
    /** Between neighbouring values; whole numbers have 1 where it is not said. */
    step: z.number('a number above 0').positive('a number above 0').optional(),
    /** Searched by ratios. */
    log: z.boolean('true or false').optional(),
  },
  'a range such as {"from": 5, "to": 50, "step": 5}',
);

const limit = z
  .union([z.number(EXPECTED_LIMIT).min(0, EXPECTED_LIMIT), z.literal('off')], EXPECTED_LIMIT)
  .exactOptional();

const LIMITS = z.strictObject(
  Object.fromEntries(Object.keys(RISK_LIMIT_SAYS).map((name) => [name, limit])) as Record<
    keyof RiskLimits,
    typeof limit
  >,
  'limits by name such as {"maxPosition": 0.5}',
);

/** A study as it is declared: in a file, by flags, or as a job's data. */
export const STUDY_SPEC = z.strictObject(
  {
    /** Name of one that Don comes with, or a file. */
    strategy: z.string('the name of a strategy').min(1, 'the name of a strategy'),
    instrument: instrumentField,
    recording: recordingField.optional(),
    /** All that is recorded where they are not said. */
    from: time.optional(),
    /** First instant that no longer counts. */
    to: time.optional(),
    /** Ranges of the parameters that are searched. */
    vary: z.record(z.string(), range, 'ranges by parameter such as {"fast": {"from": 5, "to": 50}}'),
    /** Parameters that stay as they are; those that are not said have their defaults. */
    set: z.record(z.string(), z.number('a number'), 'values by parameter such as {"qty": 0.01}').default({}),
    search: oneOf(SEARCHES.map(({ name }) => name)).default('tpe'),
    /** In each window. */
    trials: whole(1, TRIALS_MAX).default(100),
    /** The first decides, all are in the Pareto table. */
    objectives: z
      .array(oneOf(OBJECTIVE_NAMES), `a list of ${OBJECTIVE_NAMES.join(', ')}`)
      .min(1, `at least one of ${OBJECTIVE_NAMES.join(', ')}`)
      .default(['sharpe']),
    train: length().optional(),
    test: length().optional(),
    purge: length().default('0s'),
    embargo: length().default('0s'),
    /** Training spans all begin at the beginning. */
    anchored: z.boolean('true or false').default(false),
    seed: whole(0, 2 ** 32 - 1).default(1),
    /** Quote asset. */
    balance: number(0.00000001, 50_000_000).default(10_000),
    leverage: whole(1, 125).default(5),
    feeTier: whole(0, 9).default(0),
    queue: oneOf(Object.keys(QUEUE_MODELS)).default('risk-averse'),
    latency: text(EXPECTED_LATENCY, (value) => (latencyOf(value) === undefined ? undefined : value)).default('5,5'),
    /** As `don backtest --risk`: those that are not said are as usual. */
    limits: LIMITS.default({}),
    /** Threads; one a processor where it is not said. They decide on nothing. */
    workers: whole(1, WORKERS_MAX).optional(),
  },
  'an object with strategy, instrument and vary',
);

export type StudySpec = z.infer<typeof STUDY_SPEC>;

/** Instant of a time as a spec has it, ms since the epoch. */
export function specTimeMs(value: number | string): number {
  return typeof value === 'number' ? Math.floor(value / 1_000) : Date.parse(value);
}

/** The span that a spec wants, µs since the epoch. */
export function specSpan({ from, to }: StudySpec): { readonly fromUs?: number; readonly toUs?: number } {
  const us = (value: number | string): number => specTimeMs(value) * 1_000;
  return { ...(from === undefined ? {} : { fromUs: us(from) }), ...(to === undefined ? {} : { toUs: us(to) - 1 }) };
}
