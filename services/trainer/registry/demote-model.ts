import { BadInput } from '../../../infra/setup-error.ts';
import {
  checkReason,
  checkUnchanged,
  move,
  type Reason,
  type RegistryPool,
  type StageChanged,
  StageConflict,
} from './change-stage.ts';
import { findModel } from './find-model.ts';
import { modelTitle, type Stage } from './model-record.ts';
import { alone } from './model-rows.ts';

export interface Demotion extends Reason {
  /** As `findModel` takes it; a name alone only where it has one model. */
  readonly model: string;
  /** Where it must be, as whoever may do so has seen it; anywhere if not said. */
  readonly from?: Stage | undefined;
  /** `archived` where not said; `candidate` is for one that may come again. */
  readonly to?: 'archived' | 'candidate' | undefined;
  /** What speaks against it, such as a drift alarm: kept as it is. Plain data. */
  readonly evaluation?: unknown;
}

/**
 * Takes a model from paper or live, or a candidate out of sight. Nothing takes its place: `rollBackModel` brings back the
 * one before, and a rollback never comes back to this one.
 * @throws BadInput for one that is there already, or archived; StageConflict where another change came between
 */
export async function demoteModel(pool: RegistryPool, demotion: Demotion): Promise<StageChanged> {
  checkReason(demotion);
  const { model, from, to = 'archived', who, why, evaluation = null } = demotion;
  const seen = await findModel(pool, model, { isExact: true });
  if (from !== undefined && from !== seen.stage)
    throw new StageConflict(`${modelTitle(seen)}: expected it ${from}, as it was a moment ago, found it ${seen.stage}`);
  const isPossible =
    seen.stage === 'paper' || seen.stage === 'live' || (seen.stage === 'candidate' && to === 'archived');
  if (!isPossible)
    throw new BadInput(
      `model: expected one on paper or live${to === 'archived' ? ', or a candidate' : ''}, found ${modelTitle(seen)}, which is ${seen.stage}`,
    );
  return alone(pool, seen.name, async (client) => {
    await checkUnchanged(client, seen);
    return { record: await move(client, seen, to, { kind: 'demote', who, why, evaluation }), replaced: null };
  });
}
