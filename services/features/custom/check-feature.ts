import { isDeepStrictEqual } from 'node:util';
import { connectRedis } from '../../../infra/redis.ts';
import type { BarsFeatureDefinition } from '../../../operators/features/custom-feature.ts';
import type { FeatureDefinition } from '../../../operators/features/definition.ts';
import type { ClosedBar } from '../../../operators/features/feature-input.ts';
import { usualParameters } from '../feature-text.ts';
import { barsOf, type CheckedMarket, MADE_MARKET, VARIANTS } from './checked-market.ts';
import { type CustomDescription, describeCustomFeature } from './describe-custom-feature.ts';
import { explainLookAhead } from './explain-look-ahead.ts';
import { codeHash } from './feature-files.ts';
import { customSet, loadCustomFeature } from './load-custom-feature.ts';
import { findLookAhead, type Subject } from './look-ahead.ts';
import { type CoveredSpan, type RecordedSpan, recordedMarket } from './recorded-market.ts';
import { type FeatureRun, runFeature } from './run-feature.ts';
import { withoutChance } from './without-chance.ts';

export type FindingKind =
  | 'types'
  | 'look-ahead'
  | 'shared-state'
  | 'value'
  | 'warm-up'
  | 'chunking'
  | 'throws'
  | 'stalls';

/** What is wrong with a feature. */
export interface Finding {
  readonly kind: FindingKind;
  readonly message: string;
}

export interface CheckReport {
  readonly file: string;
  readonly feature: string;
  readonly columns: readonly string[];
  /** Rows of the made market that were compared. */
  readonly rows: number;
  /** What was looked at of a recording; null where none was named. */
  readonly recorded: CoveredSpan | null;
  readonly findings: readonly Finding[];
  /** null where it never came back. */
  readonly description: CustomDescription | null;
}

/** A save after so many rows, a number that no window is a multiple of. */
const SAVE_EVERY = 37;
/** Where each row that is looked at costs some dozens of whole runs. */
const LOOKED_OF_FOLD = { places: [0.5], rowsAPlace: 2 };

/**
 * Checks the custom feature of a file on a made market, and on a part of a recording where one is named: it says finite
 * numbers, of its inputs alone, from its warm-up on, the same in any chunking, and nothing that depends on what comes later.
 * @throws BadInput where the file is no custom feature
 */
export async function checkFeature(file: string, span?: RecordedSpan): Promise<CheckReport> {
  const definition = await loadCustomFeature(file);
  const description = describeCustomFeature(definition, codeHash(file));
  const made = await checkOn(MADE_MARKET, file, definition);
  const recorded = span === undefined ? undefined : await checkOnRecording(span, file, definition);
  return {
    file,
    feature: definition.name,
    columns: description.set.columns,
    rows: made.rows,
    recorded: recorded?.covered ?? null,
    findings: [...made.findings, ...(recorded?.findings ?? [])],
    description,
  };
}

async function checkOnRecording(
  span: RecordedSpan,
  file: string,
  definition: FeatureDefinition,
): Promise<{ covered: CoveredSpan; findings: readonly Finding[] }> {
  const redis = await connectRedis(span.redisUrl);
  try {
    const { market, covered } = await recordedMarket(redis, span);
    const { rows, findings } = await checkOn(market, file, definition);
    const named = findings.map(({ kind, message }) => ({ kind, message: `on ${market.name}: ${message}` }));
    return { covered: { ...covered, rows }, findings: named };
  } finally {
    redis.disconnect();
  }
}

async function checkOn(
  market: CheckedMarket,
  file: string,
  definition: FeatureDefinition,
): Promise<{ readonly rows: number; readonly findings: readonly Finding[] }> {
  const columns = customSet(definition).columns.map(({ name }) => name);
  const findings: Finding[] = [];
  let run: FeatureRun;
  try {
    // What a recording lends is not made for one reader alone.
    run = withoutChance(() => runFeature(definition, market.inputs(), { isFrozen: market.name === null }));
  } catch (error) {
    return { rows: 0, findings: [{ kind: 'throws', message: messageOf(error) }] };
  }
  findings.push(...valueFindings(definition, run), ...warmUpFindings(definition, run, market));
  findings.push(...chunkingFindings(definition, run, market));
  const isOfBars = 'compute' in definition;
  const subject = isOfBars ? barsSubject(definition as BarsFeatureDefinition, market) : await foldSubject(file, market);
  if (subject !== undefined) {
    const found = await findLookAhead(subject, isOfBars ? undefined : LOOKED_OF_FOLD);
    if (found.leaks.length > 0)
      findings.push({ kind: 'look-ahead', message: explainLookAhead(found, columns, subject.times) });
    else if (!isOfBars)
      findings.push({
        kind: 'shared-state',
        message: 'keeps something outside its state: run a second time over the same inputs it says other values',
      });
    else findings.push(...windowFindings(definition as BarsFeatureDefinition, subject, run));
  }
  return { rows: run.values.length, findings };
}

function valueFindings(definition: FeatureDefinition, { values, refused, times }: FeatureRun): Finding[] {
  const findings: Finding[] = [];
  if (refused.length > 0)
    findings.push({ kind: 'value', message: `expected finite numbers, found ${refused[0]} (${refused.length} times)` });
  const { columns } = customSet(definition);
  for (const [column, { name, output }] of columns.entries()) {
    const [least, greatest] = definition.outputs[output]!.range;
    const row = values.findIndex(({ [column]: value }) => isOutside(value ?? null, least, greatest));
    if (row >= 0)
      findings.push({
        kind: 'value',
        message: `${name}: expected values from ${least ?? '−∞'} to ${greatest ?? '∞'}, found ${values[row]![column]} at ${new Date(times[row]!).toISOString()}`,
      });
  }
  return findings;
}

function isOutside(value: number | null, least: number | null, greatest: number | null): boolean {
  return value !== null && ((least !== null && value < least) || (greatest !== null && value > greatest));
}

/** A recording may be too short for a feature, or broken while it warms up. */
function warmUpFindings(
  definition: FeatureDefinition,
  { values }: FeatureRun,
  { name: recording }: CheckedMarket,
): Finding[] {
  const first = values.findIndex((row) => row.some((value) => value !== null));
  if (first < 0 && recording !== null) return [];
  if (first < 0) return [{ kind: 'warm-up', message: `says nothing in ${values.length} rows of a made market` }];
  const { count, of } = definition.warmUp(usualParameters(definition));
  const isCounted = of === 'bars' && definition.inputs.includes('bar');
  if (!isCounted || first + 1 === count || (recording !== null && first + 1 > count)) return [];
  return [
    {
      kind: 'warm-up',
      message: `expected its first value at bar ${count}, as its warm-up says, found it at ${first + 1}`,
    },
  ];
}

function chunkingFindings(definition: FeatureDefinition, whole: FeatureRun, market: CheckedMarket): Finding[] {
  let chunked: FeatureRun;
  try {
    chunked = runFeature(definition, market.inputs(), { saveEvery: SAVE_EVERY });
  } catch (error) {
    return [{ kind: 'chunking', message: `its state cannot be saved: ${messageOf(error)}` }];
  }
  const row = whole.values.findIndex((values, n) => !isDeepStrictEqual(values, chunked.values[n]));
  if (row < 0) return [];
  return [
    {
      kind: 'chunking',
      message: `says something else where its state was saved and taken up again: at ${new Date(whole.times[row]!).toISOString()} expected ${whole.values[row]}, found ${chunked.values[row]}`,
    },
  ];
}

/** Of bars: the function is given all of them at once, with other ones from the cut on. */
function barsSubject({ compute, ...definition }: BarsFeatureDefinition, market: CheckedMarket): Subject {
  const parameters = usualParameters(definition as FeatureDefinition);
  const bars = barsOf(market.inputs());
  const others = Array.from({ length: VARIANTS }, (_, variant) => market.otherBars(bars, variant));
  const valuesOf = (given: readonly ClosedBar[]) => compute(given, parameters).map((value) => [finiteOrNull(value)]);
  return {
    times: bars.map(({ closeTimeMs }) => closeTimeMs),
    values: valuesOf(bars),
    valuesWithout: async (cut, variant) => valuesOf([...bars.slice(0, cut), ...others[variant]!.slice(cut)]),
  };
}

/**
 * Of folds, which cannot see ahead but by what they keep outside their state: one that says the same with and without a run
 * before is passed. Else a run over another future goes before one over what came.
 */
async function foldSubject(file: string, market: CheckedMarket): Promise<Subject | undefined> {
  const fresh = runFeature(await loadCustomFeature(file), market.inputs());
  const again = await loadCustomFeature(file);
  runFeature(again, market.inputs());
  const second = runFeature(again, market.inputs());
  if (isDeepStrictEqual(fresh.values, second.values)) return undefined;
  return {
    times: second.times,
    values: second.values,
    valuesWithout: async (cut, variant) => {
      const definition = await loadCustomFeature(file);
      runFeature(definition, market.inputsWithout((second.times[cut - 1] ?? 0) + 1, variant));
      return runFeature(definition, market.inputs()).values;
    },
  };
}

/** Live it is given its window only: it has to say there what it says of all bars. */
function windowFindings(definition: BarsFeatureDefinition, { values, times }: Subject, live: FeatureRun): Finding[] {
  const rows = new Map(live.times.map((time, n) => [time, live.values[n]![0] ?? null]));
  for (const [n, [value]] of values.entries()) {
    const found = rows.get(times[n]!);
    if (found === undefined || found === null || value === null || value === undefined) continue;
    if (Math.abs(found - value) <= 1e-9 * Math.max(Math.abs(value), Math.abs(found))) continue;
    const { count } = definition.warmUp(usualParameters(definition));
    return [
      {
        kind: 'chunking',
        message: `depends on more than its window of ${count} bars: at ${new Date(times[n]!).toISOString()} it says ${value} of all bars, and ${found} of the last ${count}`,
      },
    ];
  }
  return [];
}

function finiteOrNull(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? value : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
