import { hash } from 'node:crypto';
import { codeVersion } from '../../../infra/code-version.ts';
import type { Backend } from '../backend/backend.ts';
import type { Span } from './bar-data.ts';
import type { RunData } from './read-run-data.ts';
import type { TrainConfig } from './train-config.ts';

/** All that decides on what a run comes to. Plain data. */
export interface RunIdentity {
  /** With every default. */
  readonly config: TrainConfig;
  readonly recording: string;
  /** Of the recording's candles. */
  readonly fromEntryId: string;
  readonly toEntryId: string;
  readonly train: Span;
  readonly test: Span;
  /** Of the reward's file; null where the reward is Don's. */
  readonly rewardHash: string | null;
  readonly backend: Backend['name'];
  readonly codeVersion: string;
}

/** A run before it begins. */
export interface Run {
  /** First 16 hex digits of the identity's SHA-256: the same id, the same result. */
  readonly id: string;
  readonly identity: RunIdentity;
}

export function runOf({ data, part }: RunData, backend: Backend['name'], code = codeVersion()): Run {
  const { config, train, test, ownReward } = data;
  const { recording, fromEntryId, toEntryId } = part;
  const identity: RunIdentity = {
    config,
    recording,
    fromEntryId,
    toEntryId,
    train,
    test,
    rewardHash: ownReward?.hash ?? null,
    backend,
    codeVersion: code,
  };
  return { id: hash('sha256', JSON.stringify(identity)).slice(0, 16), identity };
}
