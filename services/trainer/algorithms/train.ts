import { setImmediate } from 'node:timers/promises';
import type { Learner, LearnerCheckpoint, Metrics } from './learner.ts';

/**
 * Updates a learner until its steps are done.
 * @param options.checkpointEvery updates between two checkpoints; the last update is followed by one too
 * @param options.onMetrics says true where enough is learned
 * @param options.onCheckpoint is given only what all losses before it were finite for: the last one is good, whatever comes
 * @throws TrainingDiverged where a loss is no finite number: the step is named, and the last checkpoint stays the last
 */
export async function train<Checkpoint extends LearnerCheckpoint>(
  learner: Learner<Checkpoint>,
  options: {
    readonly checkpointEvery: number;
    readonly onMetrics?: (metrics: Metrics) => boolean | undefined;
    readonly onCheckpoint?: (checkpoint: Checkpoint) => void | Promise<void>;
    readonly signal?: AbortSignal;
  },
): Promise<void> {
  const { checkpointEvery, onMetrics, onCheckpoint, signal } = options;
  let isEnough = false;
  for (let updates = 1; !isEnough && !learner.isDone() && signal?.aborted !== true; updates++) {
    const metrics = learner.update();
    isEnough = onMetrics?.(metrics) === true;
    const isLast = isEnough || learner.isDone();
    if (isLast || updates % checkpointEvery === 0) await onCheckpoint?.(learner.checkpoint());
    // So that signals and messages of the process get through.
    await setImmediate();
  }
}
