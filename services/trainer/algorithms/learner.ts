import type { PolicyData } from './policy.ts';

/** What one update came to, by the names that docs/training.md defines; null where there is nothing to say yet. */
export type Metrics = Readonly<Record<string, number | null>>;

/** What every checkpoint has, whatever the algorithm: plain data, of which the same run goes on to the last bit. */
export interface LearnerCheckpoint {
  readonly algorithm: string;
  readonly globalStep: number;
}

/** An algorithm at work on its environments. */
export interface Learner<Checkpoint extends LearnerCheckpoint = LearnerCheckpoint> {
  /** Steps of all environments together that were learned from. */
  readonly globalStep: () => number;
  /** Whether the steps that were asked for are done. */
  readonly isDone: () => boolean;
  /**
   * Gathers some steps and learns from them.
   * @throws TrainingDiverged where a loss is no finite number; the parameters are then as they were before it
   */
  readonly update: () => Metrics;
  readonly checkpoint: () => Checkpoint;
  /** What acts as it has learned to so far. */
  readonly policy: () => PolicyData;
}

/** A loss is NaN or infinite: nothing more can be learned. */
export class TrainingDiverged extends Error {
  override readonly name = 'TrainingDiverged';
  readonly globalStep: number;
  constructor(loss: string, value: number, globalStep: number) {
    super(`${loss}: expected a finite number, found ${value} at step ${globalStep}`);
    this.globalStep = globalStep;
  }
}

/** @throws TrainingDiverged where one of the losses is no finite number */
export function checkLosses(losses: Readonly<Record<string, number>>, globalStep: number): void {
  for (const [name, value] of Object.entries(losses))
    if (!Number.isFinite(value)) throw new TrainingDiverged(name, value, globalStep);
}
