import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from '../../../infra/home.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { readModel } from '../model/model-folder.ts';
import type { Span } from '../run/bar-data.ts';
import { namedAlgorithm } from '../run/config-algorithm.ts';
import { readReport, runFolder } from '../run/run-folder.ts';
import type { RunReport, RunSummary } from '../run/run-report.ts';
import type { RunRecord } from '../store/run-record.ts';
import { listRuns, type Queries } from '../store/run-rows.ts';
import type { ModelReport } from './evaluate-model.ts';
import type { EvaluationReport } from './evaluation-report.ts';
import { type KeptReturns, type Look, type Looks, trialOf } from './look.ts';
import type { SpanReport } from './span-report.ts';

export interface LooksOptions {
  /** Has `runs`, `models` and `evaluations`. */
  readonly home: string;
  readonly sql: Queries;
  readonly instrument: string;
  /** Of the candles. */
  readonly interval: string;
}

/** A run as PostgreSQL or its folder has it. */
interface KnownRun {
  readonly id: string;
  readonly instrument: string;
  readonly interval: unknown;
  readonly config: Readonly<Record<string, unknown>>;
  readonly train: Span;
  readonly test: Span;
  /** null: it came to no end. */
  readonly summary: Pick<RunSummary, 'validation' | 'study' | 'seeds'> | null;
}

const PAGE = 200;

/** Every run that PostgreSQL or the home knows, and every evaluation that the home keeps. */
export async function readLooks({ home, sql, instrument, interval }: LooksOptions): Promise<Looks> {
  const known = new Map<string, KnownRun>();
  for await (const record of recordsOf(sql, instrument)) known.set(record.id, ofRecord(record));
  for (const report of reportsIn(home)) known.set(report.id, ofReport(report));
  const runs = [...known.values()].filter((run) => run.instrument === instrument);
  const own = runs.filter((run) => run.interval === interval);
  const { looks, unread } = evaluationLooks(home, instrument, interval);
  return {
    looks: [...own.flatMap((run) => runLooks(home, run)), ...looks],
    unfinished: own.filter(({ summary }) => summary === null).map(({ test }) => test),
    elsewhere: runs.filter((run) => run.interval !== interval).map(({ test }) => test),
    unread,
  };
}

async function* recordsOf(sql: Queries, instrument: string): AsyncGenerator<RunRecord> {
  for (let after: RunRecord | undefined; ; ) {
    const page = await listRuns(sql, { instrument, after, limit: PAGE });
    yield* page;
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}

function* reportsIn(home: string): Generator<RunReport> {
  for (const { name } of foldersIn(join(home, 'runs'))) {
    const report = readReport(runFolder(home, name));
    if (report !== undefined) yield report;
  }
}

function foldersIn(folder: string) {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
}

function ofReport({ id, config: said, train, test, validation, study, seeds }: RunReport): KnownRun {
  const config = said as unknown as KnownRun['config'];
  const { instrument, interval } = config;
  return { id, instrument: String(instrument), interval, config, train, test, summary: { validation, study, seeds } };
}

function ofRecord({ id, instrument, interval, config, train, test, summary }: RunRecord): KnownRun {
  const spanOf = ({ from, to }: RunRecord['test']): Span => ({ fromMs: from / 1_000, toMs: to / 1_000 });
  const own = { instrument, interval, config: config as unknown as KnownRun['config'] };
  return { id, ...own, train: spanOf(train), test: spanOf(test), summary };
}

/** What a run that came to its end has shown: each seed on the test span, and what was chosen by the validation span. */
function runLooks(home: string, { id, config, test, summary }: KnownRun): Look[] {
  if (summary === null) return [];
  const { validation, study, seeds } = summary;
  const name = namedAlgorithm(config);
  const withSettings = (settings: object = {}): unknown => ({
    ...config,
    [name]: { ...(config[name] as object), ...settings },
  });
  const taken = withSettings(study?.trials[study.chosen]?.settings);
  const trials = seeds.map(({ seed }) => trialOf(taken, seed));
  const by = { id, by: 'run' } as const;
  const tested: Look = { ...by, ...test, trials, returns: () => seeds.map(({ model }) => returnsOf(home, model)) };
  if (validation === null) return [tested];
  const [first] = config['seeds'] as readonly number[];
  const studied = (study?.trials ?? []).map(({ settings }) => trialOf(withSettings(settings), first!));
  return [tested, { ...by, ...validation, trials: [...trials, ...studied], returns: () => [] }];
}

/** null: its file is not in the home. */
function returnsOf(home: string, id: string): KeptReturns | null {
  try {
    const { tested } = readModel(home, id);
    return { periodMs: tested.model.periodMs, returns: tested.returns };
  } catch (error) {
    if (error instanceof BadInput) return null;
    throw error;
  }
}

function evaluationLooks(home: string, instrument: string, interval: string): Pick<Looks, 'looks' | 'unread'> {
  const looks: Look[] = [];
  let unread = 0;
  for (const { name: id } of foldersIn(join(home, 'evaluations'))) {
    const text = readIfThere(join(home, 'evaluations', id, 'report.json'));
    // One that was broken off has told nothing.
    if (text === undefined) continue;
    const { of, walkForward, test, span } = parsedReport(text);
    if (of === undefined) unread++;
    else if (of.instrument === instrument && of.interval === interval)
      for (const told of [walkForward, test, span]) if (told !== undefined) looks.push(spanLook(id, told, of.trials));
  }
  return { looks, unread };
}

/** Of a file that was not written to its end nothing is known. */
function parsedReport(text: string): Partial<EvaluationReport & ModelReport> {
  try {
    return JSON.parse(text) as Partial<EvaluationReport & ModelReport>;
  } catch {
    return {};
  }
}

function spanLook(id: string, { fromMs, toMs, periodMs, agents }: SpanReport, trials: readonly string[]): Look {
  return {
    id,
    by: 'evaluation',
    fromMs,
    toMs,
    trials,
    returns: () => agents.map(({ returns }) => ({ periodMs, returns })),
  };
}
