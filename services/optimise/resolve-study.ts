import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { BadInput } from '../../infra/setup-error.ts';
import { usualPeriodMs } from '../../operators/performance/period-returns.ts';
import { type RiskLimits, riskLimits, saidLimits } from '../../operators/risk/risk-limits.ts';
import { type WalkForwardWindow, walkForward } from '../../operators/search/walk-forward.ts';
import { parseEntryId } from '../../streams/id.ts';
import { rawKey } from '../../streams/keys.ts';
import { spanEnds } from '../../streams/stream-bounds.ts';
import { SIMULATOR } from '../backtest/finish-result.ts';
import type { LoadedStrategy } from '../backtest/load-strategy.ts';
import { duration, utc } from '../backtest/report/numbers.ts';
import { durationMs } from './duration.ts';
import type { Study, StudySettings } from './study.ts';
import { studySpace } from './study-space.ts';
import type { StudySpec } from './study-spec.ts';

/** Changes with any change after which the same study comes out otherwise. */
const OPTIMISER = 'optimiser-1';
/** Where only the data are given: so many test spans, each so long as a part of the training span. */
const TESTS = 5;
const TESTS_A_TRAIN = 3;
/** Fewer returns a test span would be mostly its cut ends. */
const PERIODS_A_TEST = 4;

/** What is there to be studied. ms since the epoch. */
export interface StudySpan {
  readonly fromMs: number;
  /** First instant that no longer counts. */
  readonly toMs: number;
}

/** @throws BadInput where nothing is recorded there */
export async function studySpan(
  redis: Redis,
  { instrument, recording }: { readonly instrument: string; readonly recording: string },
  { fromMs, toMs }: { readonly fromMs?: number | undefined; readonly toMs?: number | undefined },
): Promise<StudySpan> {
  const ends = await spanEnds(redis, rawKey(instrument, recording), fromMs, toMs === undefined ? toMs : toMs - 1);
  if (ends === undefined) throw new BadInput(`${instrument}, recording ${recording}: nothing is recorded in that span`);
  return { fromMs: fromMs ?? parseEntryId(ends.first).ms, toMs: toMs ?? parseEntryId(ends.last).ms + 1 };
}

/**
 * A study with everything that its spec leaves open.
 * @param spec checked: its parameters are the strategy's
 * @throws BadInput where the data hold no whole window
 */
export function resolveStudy(spec: StudySpec, strategy: LoadedStrategy, recording: string, span: StudySpan): Study {
  const purgeMs = durationMs(spec.purge)!;
  const embargoMs = durationMs(spec.embargo)!;
  const lengths = windowLengths(spec, span, purgeMs + embargoMs);
  const windows = walkForward({ ...span, ...lengths, purgeMs, embargoMs, isAnchored: spec.anchored });
  if (windows.length === 0) throw new BadInput(tooShort(spec, recording, span, lengths, purgeMs + embargoMs));
  const { seed, balance, leverage, feeTier, queue, latency, instrument, search, trials, objectives } = spec;
  const { definition } = strategy;
  const space = studySpace(definition, spec.vary);
  const varied = new Set(space.map(({ name }) => name));
  const fixed = Object.entries(definition.parameters).filter(([name]) => !varied.has(name));
  const model = { seed, balance, leverage, feeTier, queue, latency };
  const limits = limitsOf(spec);
  const settings: StudySettings = {
    strategy: definition.name,
    strategyHash: strategy.hash,
    instrument,
    recording,
    set: Object.fromEntries(fixed.map(([name, { default: usual }]) => [name, spec.set[name] ?? usual])),
    space,
    search,
    trials,
    objectives: [...new Set(objectives)],
    purgeMs,
    embargoMs,
    isAnchored: spec.anchored,
    windows,
    periodMs: periodOf(windows, lengths.testMs),
    ...model,
    limits: saidLimits(limits),
    simulator: SIMULATOR,
    optimiser: OPTIMISER,
  };
  return {
    id: hash('sha256', JSON.stringify(settings)).slice(0, 16),
    settings,
    strategy,
    market: { instrument, recording, strategy: spec.strategy, ...model, limits },
    leftOverMs: span.toMs - windows.at(-1)!.testToMs,
  };
}

/** @throws BadInput where a limit is none */
function limitsOf({ limits }: StudySpec): RiskLimits {
  try {
    return riskLimits(limits);
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(error.message.replace(/^risk\//, 'limits/')) : error;
  }
}

/** The longest usual period of which all test spans have enough, and each some. */
function periodOf(windows: readonly WalkForwardWindow[], testMs: number): number {
  const most = Math.floor(testMs / PERIODS_A_TEST);
  return Math.min(usualPeriodMs(windows.length * testMs), usualPeriodMs(60 * most));
}

function windowLengths(
  { train, test }: StudySpec,
  { fromMs, toMs }: StudySpan,
  gapMs: number,
): { readonly trainMs: number; readonly testMs: number } {
  const [trainSaid, testSaid] = [train, test].map((text) => (text === undefined ? undefined : durationMs(text)!));
  const restMs = Math.max(0, toMs - fromMs - gapMs);
  const testMs =
    testSaid ??
    (trainSaid === undefined
      ? wholeUnits(restMs / (TESTS + TESTS_A_TRAIN))
      : wholeUnits(Math.min(trainSaid / TESTS_A_TRAIN, (restMs - trainSaid) / TESTS)));
  return { trainMs: Math.max(1, trainSaid ?? TESTS_A_TRAIN * testMs), testMs: Math.max(1, testMs) };
}

/** Rounded down to a length that people would say. */
function wholeUnits(ms: number): number {
  const unit = [86_400_000, 3_600_000, 60_000, 1_000].find((each) => ms >= 3 * each) ?? 1;
  return Math.floor(ms / unit) * unit;
}

function tooShort(
  { instrument }: StudySpec,
  recording: string,
  { fromMs, toMs }: StudySpan,
  { trainMs, testMs }: { readonly trainMs: number; readonly testMs: number },
  gapMs: number,
): string {
  const gap = gapMs === 0 ? '' : ` and ${duration(gapMs)} between (purge, embargo)`;
  const needed = `at least ${duration(trainMs + gapMs + testMs)}: one training span of ${duration(trainMs)} and one test span of ${duration(testMs)}${gap}`;
  const found = `${duration(toMs - fromMs)} (${utc(fromMs)} to ${utc(toMs)} UTC)`;
  return `${instrument}, recording ${recording}: expected ${needed}; found ${found}. Without a test span there is no result, only figures of what was searched: choose shorter train and test, or more data`;
}
