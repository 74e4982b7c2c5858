import { hash } from 'node:crypto';
import { codeVersion } from '../../../infra/code-version.ts';
import type { Backend } from '../backend/backend.ts';
import type { Span } from './bar-data.ts';
import type { RunData } from './read-run-data.ts';
import type { RunConfig } from './run-config.ts';

/** All that decides on what a run comes to. Plain data. */
export interface RunIdentity {
  /** With every default. */
  readonly config: RunConfig;
  readonly recording: string;
  /** Of the recording's candles, or of all of it. */
  readonly fromEntryId: string;
  readonly toEntryId: string;
  readonly train: Span;
  readonly test: Span;
  /** Of the reward's file; null where the reward is Don's. */
  readonly rewardHash: string | null;
  /** Of the strategy that policies are cloned from; not there where there is none. */
  readonly strategyHash?: string;
  readonly backend: Backend['name'];
  readonly codeVersion: string;
}

/** A run before it begins. */
export interface Run {
  /** First 16 hex digits of the identity's SHA-256: the same id, the same result. */
  readonly id: string;
  readonly identity: RunIdentity;
}

export function runOf({ training, part }: RunData, backend: Backend['name'], code = codeVersion()): Run {
  const { config, train, test, rewardHash, strategyHash } = training;
  const { recording, fromEntryId, toEntryId } = part;
  const identity: RunIdentity = {
    config,
    recording,
    fromEntryId,
    toEntryId,
    train,
    test,
    rewardHash,
    ...(strategyHash === null ? {} : { strategyHash }),
    backend,
    codeVersion: code,
  };
  return { id: hash('sha256', JSON.stringify(identity)).slice(0, 16), identity };
}
