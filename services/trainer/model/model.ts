import { hash } from 'node:crypto';
import { BadInput } from '../../../infra/setup-error.ts';
import type { UsualValues } from '../../../operators/drift/usual-values.ts';
import type { KlineInterval } from '../../../operators/kline-bars.ts';
import type { BarActions } from '../../../pipelines/environment/bar-actions.ts';
import type { PositionSize } from '../../../pipelines/environment/bar-target.ts';
import type { BookActions } from '../../../pipelines/environment/book-actions.ts';
import type { DistanceUnit } from '../../../pipelines/environment/book-observation.ts';
import type { DecisionClock } from '../../../pipelines/environment/decision-clock.ts';
import type { Normalisation } from '../../../pipelines/environment/normalisation.ts';
import type { WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import type { PolicyData } from '../algorithms/policy.ts';
import type { Judgement } from '../run/judge.ts';

/** A trained agent with all that is needed to act as it was trained to, and where it comes from. Plain data. */
export type Model = BarModel | BookModel;

/** One that decides at the close of each candle. */
export interface BarModel extends TrainedAgent {
  /** Files of such models do not have it. */
  readonly environment?: undefined;
  readonly interval: KlineInterval;
  readonly actions: BarActions;
}

/** One that decides on an order book. */
export interface BookModel extends TrainedAgent {
  readonly environment: 'book';
  readonly every: DecisionClock;
  /** A side that are observed. */
  readonly levels: number;
  readonly distance: DistanceUnit;
  readonly actions: BookActions;
}

/** What models have in common. */
interface TrainedAgent {
  readonly format: 1;
  /** What it trades. */
  readonly instrument: string;
  readonly size: PositionSize;
  readonly features: readonly WantedFeature[];
  /** Of the definition of its features, as Don had them when it was trained; on a book of its observation's layout, too. */
  readonly featureHash: string;
  readonly normalisation: Normalisation;
  readonly policy: PolicyData;
  /** How each feature, normalised, lay over the training span, in the columns' order; null: it was too short to say. */
  readonly usual: readonly UsualValues[] | null;
  readonly lineage: Lineage;
  /** Out of sample. */
  readonly tested: Tested;
}

/** Where a model comes from. */
export interface Lineage {
  /** With every default, as it was trained by. */
  readonly config: unknown;
  readonly seed: number;
  readonly steps: number;
  readonly backend: string;
  readonly codeVersion: string;
  readonly recording: string;
  /** Of the recording's candles; of the book all of it. */
  readonly fromEntryId: string;
  readonly toEntryId: string;
  /** What was learned from, and what was tested on, ms since the epoch; the second is not included. */
  readonly train: { readonly fromMs: number; readonly toMs: number };
  readonly test: { readonly fromMs: number; readonly toMs: number };
  /** The model that it began as; null: it began as nothing. */
  readonly parent: string | null;
}

/** A judgement, without each of its returns. */
export type TestedFigures = Omit<Judgement, 'returns'>;

export interface Tested {
  /** Of the model's periods, in order: 0.01 is a gain of 1 %. */
  readonly returns: readonly number[];
  readonly model: TestedFigures;
  readonly baselines: readonly TestedFigures[];
}

/** First 16 hex digits of a feature definition's SHA-256. */
export function featureHash(definition: string): string {
  return hash('sha256', definition).slice(0, 16);
}

/** As JSON; numbers of a typed array as base64 of their bytes, little-endian. */
export function encodeModel(model: Model): string {
  return JSON.stringify(model, (_, value: unknown) => {
    if (value instanceof Float32Array) return { float32: base64(value) };
    if (value instanceof Float64Array) return { float64: base64(value) };
    return value;
  });
}

/** Of the content: equal models, equal ids. First 16 hex digits of the SHA-256 of what `encodeModel` says. */
export function modelId(encoded: string): string {
  return hash('sha256', encoded).slice(0, 16);
}

/**
 * @param where it is from, for the error
 * @throws BadInput where it is no model, or one of another format
 */
export function decodeModel(where: string, encoded: string): Model {
  let model: Partial<Model>;
  try {
    model = JSON.parse(encoded, (_, value: unknown) => decoded(value)) as Partial<Model>;
  } catch (error) {
    throw new BadInput(`${where}: expected a model as JSON, found ${error instanceof Error ? error.message : error}`);
  }
  if (model?.format !== 1)
    throw new BadInput(`${where}, format: expected a model of format 1, found ${model?.format ?? 'nothing'}`);
  return model as Model;
}

function base64({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { float32, float64 } = value as { readonly float32?: unknown; readonly float64?: unknown };
  if (typeof float32 === 'string') return new Float32Array(bytesOf(float32));
  return typeof float64 === 'string' ? new Float64Array(bytesOf(float64)) : value;
}

/** A buffer of its own, which begins where numbers may. */
function bytesOf(text: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(text, 'base64')).buffer;
}
