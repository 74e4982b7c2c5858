import { waitUntilApplied } from '../../../infra/questdb/applied.ts';
import type { RecordingName } from '../../../streams/recordings.ts';
import type { CheckReport } from './check-feature.ts';
import { checkFile } from './check-file.ts';
import { codeHash } from './feature-files.ts';
import type { FillProgress } from './fill-worker.ts';
import { startGuardedThread } from './guarded-thread.ts';

export interface FillOptions extends RecordingName {
  /** Of the custom feature. */
  readonly file: string;
  readonly redisUrl: string;
  /** QuestDB over HTTP. */
  readonly questdbUrl: string;
  /** Receive times of the rows that are stored, µs since the epoch, both included; undefined: no bound. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly stallMs?: number;
  readonly onProgress?: (progress: FillProgress) => void;
  readonly signal?: AbortSignal;
}

export interface FillReport extends RecordingName {
  /** `custom_name-v1` */
  readonly set: string;
  readonly events: number;
  readonly rows: number;
}

/** A custom feature that cannot be filled, with what is wrong with it. */
export class FeatureRefused extends Error {}

/** The check that a feature has to pass before it is filled. @throws FeatureRefused with what was found */
export async function checkForFill(file: string): Promise<NonNullable<CheckReport['description']>> {
  const { findings, description } = await checkFile(file);
  if (findings.length === 0 && description !== null) return description;
  throw new FeatureRefused(`${file}: ${findings.map(({ kind, message }) => `${kind}: ${message}`).join('; ')}`);
}

/**
 * Derives a custom feature of a whole recording, from its beginning on so that it knows what came before, and stores its
 * rows where those of the live recordings are; rows that are there already are replaced. It runs in a thread of its own.
 * @param set its id, as the check told it
 * @throws FeatureRefused where it throws, stalls, says what is no number or takes too much memory
 */
export async function fillRecording({ file, ...options }: FillOptions, set: string): Promise<FillReport> {
  const { instrument, recording, redisUrl, questdbUrl, fromUs = 0, toUs = Number.MAX_SAFE_INTEGER, signal } = options;
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<FillProgress>();
  const thread = startGuardedThread({
    url: new URL('./fill-worker.ts', import.meta.url),
    work: { file, code: codeHash(file), redisUrl, questdbUrl, instrument, recording, fromUs, toUs },
    stallMs: options.stallMs,
    onMessage(progress: FillProgress) {
      options.onProgress?.(progress);
      if (progress.isDone) resolve(progress);
    },
    onEnd: (reason) => reject(new FeatureRefused(`${file} on ${recording} of ${instrument}: ${reason}`)),
  });
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const { events, rows } = await promise;
    await waitUntilApplied(questdbUrl);
    return { instrument, recording, set, events, rows };
  } finally {
    signal?.removeEventListener('abort', abort);
    await thread.stop();
  }
}
