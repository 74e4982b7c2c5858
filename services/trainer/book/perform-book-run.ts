import { hash } from 'node:crypto';
import { join } from 'node:path';
import { codeVersion } from '../../../infra/code-version.ts';
import { withFileLock } from '../../../infra/file-lock.ts';
import { makePrivateFolder, readIfThere, writeWhole } from '../../../infra/home.ts';
import type { JobProgress } from '../../jobs/job-kind.ts';
import type { PolicyData } from '../algorithms/policy.ts';
import type { Backend } from '../backend/backend.ts';
import { clearRun, runFolder } from '../run/run-folder.ts';
import { curveOf } from '../run/run-report.ts';
import type { BookData } from './book-data.ts';
import type { BookRunIdentity, BookRunReport } from './book-report.ts';
import { bookVerdict } from './book-text.ts';
import { judgeBook } from './judge-book.ts';
import { type TrainedBookSeed, trainBookSeed } from './train-book-seed.ts';

/** What a run is over, and where it is from. */
export interface BookRunData {
  readonly data: BookData;
  readonly recording: string;
  readonly fromEntryId: string;
  readonly toEntryId: string;
}

export interface PerformBookRunOptions {
  /** The run's folder is below it. */
  readonly home: string;
  readonly backend: Backend;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  /** `codeVersion` where it is not said. */
  readonly code?: string | undefined;
}

/**
 * Trains the seeds one after another, judges them, and keeps what came of it, as runs on candles do. One that is done is told
 * again; an interrupted one goes on from its last checkpoints and comes to the same.
 * @throws what the signal was aborted with, TrainingDiverged
 */
export async function performBookRun(runData: BookRunData, options: PerformBookRunOptions): Promise<BookRunReport> {
  const identity = identityOf(runData, options);
  const id = hash('sha256', JSON.stringify(identity)).slice(0, 16);
  const folder = runFolder(options.home, id);
  return withFileLock(`${folder}.lock`, async () => {
    options.signal?.throwIfAborted();
    const kept = readIfThere(join(folder, 'report.json'));
    // Files that no commit names may have changed since.
    if (kept !== undefined && !identity.codeVersion.endsWith('-dirty')) return JSON.parse(kept) as BookRunReport;
    if (kept !== undefined) clearRun(folder);
    makePrivateFolder(folder);
    writeWhole(join(folder, 'config.json'), `${JSON.stringify(identity, null, 2)}\n`);
    const report = await trainAndJudgeBook(runData.data, { id, identity, folder }, options);
    writeWhole(join(folder, 'report.json'), `${JSON.stringify(report)}\n`);
    return report;
  });
}

async function trainAndJudgeBook(
  data: BookData,
  { id, identity, folder }: { readonly id: string; readonly identity: BookRunIdentity; readonly folder: string },
  { backend, signal, onProgress }: PerformBookRunOptions,
): Promise<BookRunReport> {
  const { seeds, ppo } = data.config;
  const of = seeds.length * ppo.totalSteps;
  const trained = new Map<number, TrainedBookSeed>();
  for (const [n, seed] of seeds.entries()) {
    const onMetrics = ({ globalStep }: Readonly<Record<string, number | null>>): void => {
      const done = n * ppo.totalSteps + Math.min(ppo.totalSteps, globalStep!);
      onProgress?.({ text: `run ${id}, seed ${seed}`, done, of, unit: 'steps', share: done / of });
    };
    trained.set(seed, await trainBookSeed(data, backend, seed, { folder, onMetrics, signal }));
  }
  onProgress?.({ text: `run ${id}, judging`, done: of, of, unit: 'steps', share: 1 });
  const policies = new Map<number, PolicyData>([...trained].map(([seed, { policy }]) => [seed, policy]));
  const judgement = judgeBook(data, policies);
  return {
    id,
    ...identity,
    ...judgement,
    seeds: judgement.seeds.map((judged) => {
      const { steps, metrics } = trained.get(judged.seed)!;
      const { seed, ...figures } = judged;
      return { seed, steps, updates: metrics.length, curve: curveOf(metrics, CURVE_POINTS), ...figures };
    }),
    verdict: bookVerdict(judgement, data.test),
  };
}

const CURVE_POINTS = 32;

function identityOf(
  { data, recording, fromEntryId, toEntryId }: BookRunData,
  { backend, code = codeVersion() }: PerformBookRunOptions,
): BookRunIdentity {
  const spanOf = ({ fromMs, toMs }: BookData['train']) => ({ fromMs, toMs });
  return {
    config: data.config,
    recording,
    fromEntryId,
    toEntryId,
    train: spanOf(data.train),
    test: spanOf(data.test),
    backend: backend.name,
    codeVersion: code,
  };
}
