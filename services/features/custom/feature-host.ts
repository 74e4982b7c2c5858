import type { FeatureWork } from './feature-worker.ts';
import { startGuardedThread } from './guarded-thread.ts';

/** A custom feature that runs in a thread of its own. */
export interface FeatureHost {
  readonly rows: number;
  stop(): Promise<void>;
}

export interface FeatureHostOptions extends Omit<FeatureWork, 'turns'> {
  /** It has ended: it threw, stalled, said what is no number, or took too much memory. */
  readonly onOff: (reason: string) => void;
  readonly stallMs?: number | undefined;
}

export function hostFeature({ onOff, stallMs, ...work }: FeatureHostOptions): FeatureHost {
  let rows = 0;
  const { stop } = startGuardedThread({
    url: new URL('./feature-worker.ts', import.meta.url),
    work,
    stallMs,
    onMessage(told: { readonly rows: number }) {
      rows = told.rows;
    },
    onEnd: onOff,
  });
  return {
    get rows() {
      return rows;
    },
    stop,
  };
}
