import type { Tested } from '../model/model.ts';

/**
 * How far a model has come: registered; trading on paper; trading with real money; out of use. Of a name, one model at most
 * is on paper, and one live.
 */
export const STAGES = ['candidate', 'paper', 'live', 'archived'] as const;
export type Stage = (typeof STAGES)[number];
export function isStage(text: string): text is Stage {
  return STAGES.some((stage) => stage === text);
}

/** Those that hold one model of a name. */
export type TradingStage = 'paper' | 'live';

/** A part of the log, ms since the epoch; the second is not included. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the registry says of a model, without its weights. Plain data. */
export interface ModelRecord {
  /** Of its content: 16 hex digits. */
  readonly id: string;
  /** Of the line of models that it belongs to: all of them trade the same instrument, and decide at the same times. */
  readonly name: string;
  /** Within the name, from 1 on, in the order in which they were registered. */
  readonly number: number;
  readonly stage: Stage;
  readonly instrument: string;
  /** What it decides on: candles, or an order book. */
  readonly environment: 'bars' | 'book';
  /** How often it decides: the candles' length, such as `5m`; on a book `100 ms` or `50 events`. */
  readonly interval: string;
  readonly featureHash: string;
  readonly recording: string;
  readonly fromEntryId: string;
  readonly toEntryId: string;
  readonly train: Span;
  readonly test: Span;
  readonly seed: number;
  readonly steps: number;
  readonly backend: string;
  readonly codeVersion: string;
  /** Out of sample; the returns themselves are in the model. */
  readonly tested: Pick<Tested, 'model' | 'baselines'>;
  readonly parent: string | null;
  /** The training run that it came of. */
  readonly runId: string | null;
  readonly createdMs: number;
}

export type ChangeKind = 'register' | 'promote' | 'replace' | 'demote' | 'rollback';

/** A model came to another stage. */
export interface StageChange {
  readonly model: string;
  /** `replace`: another one was promoted to where it was. */
  readonly kind: ChangeKind;
  /** null: it was registered. */
  readonly from: Stage | null;
  readonly to: Stage;
  readonly who: string;
  readonly why: string;
  /** Of a promotion its `PromotionEvaluation`; what else was told, as it was; null: nothing. */
  readonly evaluation: unknown;
  readonly atMs: number;
}

/** Where a promotion leads that does not say it. */
export function nextStage(stage: Stage): TradingStage {
  return stage === 'paper' ? 'live' : 'paper';
}

/** `btc-trend:v3` */
export function modelTitle({ name, number }: Pick<ModelRecord, 'name' | 'number'>): string {
  return `${name}:v${number}`;
}
