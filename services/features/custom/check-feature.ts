import { isDeepStrictEqual } from 'node:util';
import { barClock } from '../../../operators/bar-clock.ts';
import type { BarsFeatureDefinition } from '../../../operators/features/custom-feature.ts';
import type { FeatureDefinition } from '../../../operators/features/definition.ts';
import type { ClosedBar } from '../../../operators/features/feature-input.ts';
import { usualParameters } from '../feature-text.ts';
import { explainLookAhead } from './explain-look-ahead.ts';
import { customSet, loadCustomFeature } from './load-custom-feature.ts';
import { findLookAhead, type Subject } from './look-ahead.ts';
import { MADE_START_MS, madeInputs, splitInputs } from './made-inputs.ts';
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
  /** Rows that were compared. */
  readonly rows: number;
  readonly findings: readonly Finding[];
}

const SEED = 11;
/** Seeds of other futures, by variant. */
const OTHERS = [0, 12, 13];
/** A save after so many rows, a number that no window is a multiple of. */
const SAVE_EVERY = 37;
/** Where each row that is looked at costs some dozens of whole runs. */
const LOOKED_OF_FOLD = { places: [0.5], rowsAPlace: 2 };
/** By which the prices of other futures differ, so that a highest and a lowest price change with them. */
const SCALES = [1, 2, 0.5];

/**
 * Checks the custom feature of a file on made markets: it says finite numbers, of its inputs alone, from its warm-up on,
 * the same in any chunking, and nothing that depends on what comes later.
 * @throws BadInput where the file is no custom feature
 */
export async function checkFeature(file: string): Promise<CheckReport> {
  const definition = await loadCustomFeature(file);
  const columns = customSet(definition).columns.map(({ name }) => name);
  const report = (rows: number, findings: readonly Finding[]): CheckReport => ({
    file,
    feature: definition.name,
    columns,
    rows,
    findings,
  });
  const findings: Finding[] = [];
  let run: FeatureRun;
  try {
    run = withoutChance(() => runFeature(definition, madeInputs(SEED), { isFrozen: true }));
  } catch (error) {
    return report(0, [{ kind: 'throws', message: messageOf(error) }]);
  }
  findings.push(...valueFindings(definition, run));
  findings.push(...chunkingFindings(definition, run));
  const isOfBars = 'compute' in definition;
  const subject = isOfBars ? barsSubject(definition as BarsFeatureDefinition) : await foldSubject(file);
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
  return report(run.values.length, findings);
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
  findings.push(...warmUpFindings(definition, values));
  return findings;
}

function isOutside(value: number | null, least: number | null, greatest: number | null): boolean {
  return value !== null && ((least !== null && value < least) || (greatest !== null && value > greatest));
}

function warmUpFindings(definition: FeatureDefinition, values: FeatureRun['values']): Finding[] {
  const first = values.findIndex((row) => row.some((value) => value !== null));
  if (first < 0) return [{ kind: 'warm-up', message: `says nothing in ${values.length} rows of a made market` }];
  const { count, of } = definition.warmUp(usualParameters(definition));
  const isCounted = of === 'bars' && definition.inputs.includes('bar');
  if (!isCounted || first + 1 === count) return [];
  return [
    {
      kind: 'warm-up',
      message: `expected its first value at bar ${count}, as its warm-up says, found it at ${first + 1}`,
    },
  ];
}

function chunkingFindings(definition: FeatureDefinition, whole: FeatureRun): Finding[] {
  let chunked: FeatureRun;
  try {
    chunked = runFeature(definition, madeInputs(SEED), { saveEvery: SAVE_EVERY });
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
function barsSubject({ compute, ...definition }: BarsFeatureDefinition): Subject {
  const parameters = usualParameters(definition as FeatureDefinition);
  const bars = barsOf(SEED);
  const others = OTHERS.map((seed, n) => (seed === 0 ? [] : barsOf(seed).map((bar) => scaled(bar, SCALES[n]!))));
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
async function foldSubject(file: string): Promise<Subject | undefined> {
  const fresh = runFeature(await loadCustomFeature(file), madeInputs(SEED));
  const again = await loadCustomFeature(file);
  runFeature(again, madeInputs(SEED));
  const second = runFeature(again, madeInputs(SEED));
  if (isDeepStrictEqual(fresh.values, second.values)) return undefined;
  return {
    times: second.times,
    values: second.values,
    valuesWithout: async (cut, variant) => {
      const definition = await loadCustomFeature(file);
      const fromMs = second.times[cut - 1] ?? MADE_START_MS;
      runFeature(definition, splitInputs(SEED, OTHERS[variant]!, fromMs + 1));
      return runFeature(definition, madeInputs(SEED)).values;
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

function barsOf(seed: number): ClosedBar[] {
  const { initialState, evolve, project } = barClock({ kind: 'time', intervalMs: 60_000 });
  let state = initialState();
  const bars: ClosedBar[] = [];
  for (const input of madeInputs(seed)) {
    if (input.type !== 'trade') continue;
    state = evolve(state, input);
    const bar = project(state, input);
    if (bar?.type === 'bar') bars.push(Object.freeze(bar));
  }
  return bars;
}

function scaled(bar: ClosedBar, by: number): ClosedBar {
  const { open, high, low, close } = bar;
  return Object.freeze({ ...bar, open: open * by, high: high * by, low: low * by, close: close * by });
}

function finiteOrNull(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? value : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
