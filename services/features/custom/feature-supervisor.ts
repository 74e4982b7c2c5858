import { basename } from 'node:path';
import { setHash } from '../../../pipelines/feature-sets.ts';
import { checkFile } from './check-file.ts';
import { type FeatureFile, featureFiles } from './feature-files.ts';
import { type FeatureHost, hostFeature } from './feature-host.ts';
import { customSet, loadCustomFeature } from './load-custom-feature.ts';

/** How a custom feature is, as the service's status says it. */
export interface CustomFeatureStatus {
  readonly file: string;
  readonly state: 'checking' | 'running' | 'refused' | 'off';
  /** Why it does not run; null where it does. */
  readonly reason: string | null;
  /** Id, hash, table and columns of its set; null until it has been checked. */
  readonly set: CustomSetStatus | null;
  readonly rows: number;
}

export interface CustomSetStatus {
  readonly id: string;
  readonly hash: string;
  readonly table: string;
  readonly sampling: 'quotes' | 'bars';
  readonly columns: readonly string[];
}

export interface FeatureSupervisorOptions {
  readonly folder: string;
  readonly instruments: readonly string[];
  readonly redisUrl: string;
  readonly questdbUrl: string;
  readonly log: (level: 'info' | 'warn', message: string) => void;
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
  set: CustomSetStatus | null;
  host: FeatureHost | undefined;
}

export function createFeatureSupervisor(options: FeatureSupervisorOptions): FeatureSupervisor {
  const { folder, log, ...work } = options;
  const features = new Map<string, Kept>();

  async function take({ file, hash }: FeatureFile): Promise<void> {
    const kept: Kept = { hash, state: 'checking', reason: null, set: null, host: undefined };
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
      const { findings } = await checkFile(file);
      if (findings.length > 0) return findings.map(({ kind, message }) => `${kind}: ${message}`).join('; ');
      const set = customSet(await loadCustomFeature(file), kept.hash);
      const { id, table, sampling } = set;
      const taken = [...features.values()].some((other) => other !== kept && other.set?.table === table);
      if (taken) return `another file has a feature of the same name and version (${id})`;
      kept.set = { id, hash: setHash(set), table, sampling, columns: set.columns.map(({ name }) => name) };
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
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
    },
    statuses: () =>
      [...features].map(([file, { state, reason, set, host }]) => ({
        file: basename(file),
        state,
        reason,
        set,
        rows: host?.rows ?? 0,
      })),
    async stop() {
      await Promise.all([...features.values()].map(({ host }) => host?.stop()));
    },
  };
}
