import type { Environment } from '../../../pipelines/environment/environment.ts';
import type { Algorithm } from '../algorithms/algorithm.ts';
import type { PolicyData } from '../algorithms/policy.ts';
import type { Backend } from '../backend/backend.ts';
import type { Model } from '../model/model.ts';
import type { Span } from './bar-data.ts';
import type { Judgement, Validated } from './judge.ts';
import type { PlainTraining } from './open-training.ts';
import type { RunConfig } from './run-config.ts';
import type { RunIdentity } from './run-identity.ts';
import type { BookOutcome } from './run-report.ts';
import type { BegunWarm } from './warm-start.ts';

/**
 * What there is to learn from, with what is done by candles in one way and by order books in another. All else of a run is
 * the same for both.
 */
export interface Training<Judged extends JudgedSeed = JudgedSeed> {
  readonly config: RunConfig;
  readonly train: Span;
  readonly test: Span;
  /** The end of the training span, which is looked at and not learned of; null: none. */
  readonly validation: Span | null;
  /** Of the reward's file; null: the reward is Don's. */
  readonly rewardHash: string | null;
  /** Of the strategy that policies are cloned from; null: none. */
  readonly strategyHash: string | null;
  /** As many as the config says, over what is learned of: always the same for a seed. */
  environments(seed: number): Environment[];
  /** What a seed begins with, always the same for it; null: chance. */
  beginWarm(backend: Backend, seed: number): BegunWarm | null;
  /** What a policy is worth on the validation span. */
  validate(policy: PolicyData): Validated;
  /** What a policy is worth on the training span and on the test span. @returns plain data */
  judgeSeed(seed: number, policy: PolicyData): Judged;
  /** What all seeds come to, beside what they are compared with. @param tried settings, where a study chose */
  judgeRun(seeds: readonly Judged[], tried: number | undefined): JudgedRun;
  /** What a seed has become. */
  modelOf(seed: LearnedSeed, source: ModelSource): Model;
  /** The same with other settings. */
  withAlgorithm(algorithm: Algorithm): Training<Judged>;
  /** For a thread, which opens it by `openTraining`. */
  plain(): PlainTraining;
}

export interface JudgedSeed {
  readonly trained: Judgement;
  readonly tested: Judgement;
}

export interface JudgedRun {
  /** On the test span. */
  readonly baselines: readonly Judgement[];
  /** In words. */
  readonly verdict: string;
  /** On an order book. */
  readonly book?: BookOutcome;
}

/** What one seed has learned, and what that was worth over the test span. */
export interface LearnedSeed {
  readonly seed: number;
  readonly policy: PolicyData;
  /** That were learned from. */
  readonly steps: number;
  readonly tested: Judgement;
}

/** The run that a model is of. */
export interface ModelSource
  extends Pick<RunIdentity, 'backend' | 'codeVersion' | 'recording' | 'fromEntryId' | 'toEntryId'> {
  readonly baselines: readonly Judgement[];
}
