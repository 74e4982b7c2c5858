import { basename } from 'node:path';
import type { Redis } from 'ioredis';
import { dropSetStream, listStreamedSets } from '../set-stream.ts';
import { checkFile } from './check-file.ts';
import type { CustomDescription, CustomSetDescription } from './describe-custom-feature.ts';
import { type FeatureFile, featureFiles } from './feature-files.ts';
import { type FeatureHost, hostFeature } from './feature-host.ts';
import { CUSTOM_PREFIX } from './load-custom-feature.ts';

/** How a custom feature is, as the service's status says it. */
export interface CustomFeatureStatus {
  readonly file: string;
  readonly state: 'checking' | 'running' | 'refused' | 'off';
  /** Why it does not run; null where it does. */
  readonly reason: string | null;
  /** As one of the catalogue; null until it has been checked, and where it cannot be loaded. */
  readonly feature: CustomDescription['feature'] | null;
  /** The set that its rows are of; null where it is being checked, or refused. */
  readonly set: CustomSetDescription | null;
  readonly rows: number;
}

export interface FeatureSupervisorOptions {
  readonly folder: string;
  readonly redis: Redis;
  readonly instruments: readonly string[];
  readonly redisUrl: string;
  readonly questdbUrl: string;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Says how the features are; awaited before one starts, so that whoever gets a row of it can ask for its set. */
  readonly say?: () => Promise<void>;
  readonly stallMs?: number;
}

/** Runs the custom features of a folder: finds them, checks them, starts them, and switches off what does harm. */
export interface FeatureSupervisor {
  /** Takes up what has come, changed or gone. */
  look(): Promise<void>;
  statuses(): CustomFeatureStatus[];
  stop(): Promise<void>;
}

interface Kept {
  readonly hash: string;
  state: CustomFeatureStatus['state'];
  reason: string | null;
  feature: CustomDescription['feature'] | null;
  set: CustomSetDescription | null;
  host: FeatureHost | undefined;
}

export function createFeatureSupervisor(options: FeatureSupervisorOptions): FeatureSupervisor {
  const { folder, redis, log, say, ...work } = options;
  const features = new Map<string, Kept>();

  async function take({ file, hash }: FeatureFile): Promise<void> {
    const kept: Kept = { hash, state: 'checking', reason: null, feature: null, set: null, host: undefined };
    features.set(file, kept);
    const reason = await refusalOf(file, kept);
    // It may have changed while it was checked.
    if (features.get(file) !== kept) return;
    if (reason !== null) {
      kept.state = 'refused';
      kept.reason = reason;
      log('warn', `custom feature ${basename(file)} is refused: ${reason}`);
      return;
    }
    kept.state = 'running';
    await say?.();
    if (features.get(file) !== kept) return;
    kept.host = hostFeature({
      ...work,
      file,
      code: hash,
      onOff(why) {
        kept.state = 'off';
        kept.reason = why;
        log('warn', `custom feature ${basename(file)} is switched off: ${why}`);
      },
    });
    log('info', `custom feature ${basename(file)} runs`);
  }

  async function refusalOf(file: string, kept: Kept): Promise<string | null> {
    try {
      const { findings, description } = await checkFile(file);
      kept.feature = description?.feature ?? null;
      if (findings.length > 0) return findings.map(({ kind, message }) => `${kind}: ${message}`).join('; ');
      const { set } = description!;
      const taken = [...features.values()].some((other) => other !== kept && other.set?.table === set.table);
      if (taken) return `another file has a feature of the same name and version (${set.id})`;
      kept.set = set;
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** The streams of sets that no file has any more; not while it is open which sets the files have. */
  async function dropStreams(): Promise<void> {
    const sets = [...features.values()].map(({ set }) => set?.id);
    if (sets.includes(undefined)) return;
    for (const instrument of options.instruments)
      for (const id of await listStreamedSets(redis, instrument))
        if (id.startsWith(CUSTOM_PREFIX) && !sets.includes(id)) await dropSetStream(redis, instrument, id);
  }

  return {
    async look() {
      const files = featureFiles(folder);
      for (const [file, kept] of features) {
        if (files.some((found) => found.file === file && found.hash === kept.hash)) continue;
        features.delete(file);
        await kept.host?.stop();
      }
      await Promise.all(files.filter(({ file }) => !features.has(file)).map(take));
      await dropStreams();
    },
    statuses: () =>
      [...features].map(([file, { state, reason, feature, set, host }]) => ({
        file: basename(file),
        state,
        reason,
        feature,
        set,
        rows: host?.rows ?? 0,
      })),
    async stop() {
      await Promise.all([...features.values()].map(({ host }) => host?.stop()));
    },
  };
}
