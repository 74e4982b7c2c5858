import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from '../../../infra/file-lock.ts';
import type { JobProgress } from '../../jobs/job-kind.ts';
import type { Backend } from '../backend/backend.ts';
import type { Model } from '../model/model.ts';
import { readModel, writeModel } from '../model/model-folder.ts';
import type { RunRecorder } from '../store/run-recorder.ts';
import { algorithmOf } from './config-algorithm.ts';
import { checkStopping } from './early-stopping.ts';
import type { RunData } from './read-run-data.ts';
import { clearRun, makeRunFolder, openSeedFiles, readReport, runFolder, writeReport } from './run-folder.ts';
import { type Run, runOf } from './run-identity.ts';
import { createRunProgress } from './run-progress.ts';
import { figures, type RunReport, reportOf, seedReport, summaryOf } from './run-report.ts';
import { runSeeds } from './run-seeds.ts';
import { drawnSettings, runStudy, withSettings } from './run-study.ts';
import type { Training } from './training.ts';

export interface PerformRunOptions {
  /** The home: the run's folder and its models are below it. */
  readonly home: string;
  readonly backend: Backend['name'];
  /** Threads, a seed each; they decide on nothing but how long it takes. */
  readonly workers: number;
  readonly recorder?: RunRecorder | undefined;
  /** Given each seed's model, in the config's order, once its file is written; a run that is asked for again gives them again. */
  readonly register?: ((model: Model, runId: string) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  /** `codeVersion` where it is not said. */
  readonly code?: string | undefined;
}

/**
 * Trains and judges the seeds of a run, and keeps what came of it. A run that is done is not done again; one whose process
 * was killed goes on from its last checkpoints, and comes to the same. One that another process works on is waited for.
 * @throws BadInput where the config's study cannot be; what the signal was aborted with
 */
export async function performRun(runData: RunData, options: PerformRunOptions): Promise<RunReport> {
  const { config } = runData.training;
  checkStopping(config);
  if (config.study !== null) drawnSettings(config.study, algorithmOf(config));
  const run = runOf(runData, options.backend, options.code);
  const folder = runFolder(options.home, run.id);
  return withFileLock(`${folder}.lock`, async () => {
    options.signal?.throwIfAborted();
    const kept = readReport(folder);
    // Files that no commit names may have changed since.
    if (kept !== undefined && !run.identity.codeVersion.endsWith('-dirty')) return recordKept(run, kept, options);
    if (kept !== undefined) clearRun(folder);
    return begin(run, runData, options);
  });
}

async function begin(run: Run, runData: RunData, options: PerformRunOptions): Promise<RunReport> {
  const { home, recorder, signal } = options;
  const isNew = !existsSync(runFolder(home, run.id));
  const folder = makeRunFolder(home, run);
  removePartials(folder);
  await recorder?.begin(run, isNew);
  try {
    const report = await work(run, folder, runData.training, options);
    await recorder?.end('done', { summary: summaryOf(report) });
    return report;
  } catch (error) {
    const outcome = signal?.aborted ? {} : { error: error instanceof Error ? error.message : String(error) };
    await recorder?.end(signal?.aborted ? 'stopped' : 'failed', outcome).catch(() => {});
    throw error;
  }
}

async function work(run: Run, folder: string, whole: Training, options: PerformRunOptions): Promise<RunReport> {
  const { home, backend, workers, recorder, register, signal, onProgress } = options;
  const { training, study } = await chosenSettings(run, folder, whole, options);
  const progress = createRunProgress(run.id, training.config);
  const hasBegun = new Set<number>();
  const ended = await runSeeds(training, {
    folder,
    backend,
    workers,
    signal,
    onMetrics(seed, metrics, episodes) {
      // First come the updates that the seed goes on behind.
      recorder?.metrics(seed, metrics, hasBegun.has(seed));
      recorder?.episodes(seed, episodes);
      hasBegun.add(seed);
      progress.add(seed, metrics);
      onProgress?.(progress.now());
    },
  });
  const outcomes = ended.map(({ outcome }) => outcome);
  const { baselines, verdict, ...more } = training.judgeRun(outcomes, study?.trials.length);
  const models = ended.map(({ outcome, policy }) =>
    training.modelOf({ ...outcome, policy }, { ...run.identity, baselines }),
  );
  const seeds = outcomes.map((outcome, n) => seedReport(outcome, writeModel(home, models[n]!)));
  for (const model of models) await register?.(model, run.id);
  const { validation } = training;
  const report = reportOf(run, { validation, study, seeds, baselines: baselines.map(figures), verdict, ...more });
  writeReport(folder, report);
  return report;
}

/** With the settings that a study chooses, where the config has one. */
async function chosenSettings(run: Run, folder: string, training: Training, options: PerformRunOptions) {
  const { config } = training;
  if (config.study === null) return { training, study: null };
  const { backend, workers, signal, onProgress } = options;
  const study = await runStudy(training, config.study, {
    folder: join(folder, 'study'),
    backend,
    workers,
    signal,
    onProgress: (done, of) =>
      onProgress?.({ text: `run ${run.id}, study`, done, of, unit: 'trials', share: done / of }),
  });
  return { training: withSettings(training, study.trials[study.chosen]!.settings), study };
}

/** A run that is done, and that PostgreSQL may know nothing of. */
async function recordKept(run: Run, report: RunReport, options: PerformRunOptions): Promise<RunReport> {
  const { home, recorder, register } = options;
  if (recorder !== undefined && (await recorder.status(run.id)) !== 'done') {
    await recorder.begin(run, true);
    const { config } = run.identity;
    const algorithm = algorithmOf(config).name;
    for (const seed of config.seeds) {
      const { metrics, episodes } = openSeedFiles(runFolder(home, run.id), seed, algorithm);
      recorder.metrics(seed, metrics, false);
      recorder.episodes(seed, episodes);
    }
    await recorder.end('done', { summary: summaryOf(report) });
  }
  for (const { model } of report.seeds) await register?.(readModel(home, model), run.id);
  return report;
}

/** Of a process that was killed while it wrote. */
function removePartials(folder: string): void {
  for (const name of readdirSync(folder)) if (name.endsWith('.partial')) rmSync(join(folder, name), { force: true });
}
