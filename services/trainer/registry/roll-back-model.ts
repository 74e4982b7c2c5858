import { BadInput } from '../../../infra/setup-error.ts';
import {
  checkHolder,
  checkReason,
  checkUnchanged,
  holderOf,
  move,
  type Reason,
  type RegistryPool,
  type StageChanged,
} from './change-stage.ts';
import { listModels, refuseName } from './find-model.ts';
import { type ModelRecord, modelTitle, type TradingStage } from './model-record.ts';
import { alone, selectChanges } from './model-rows.ts';
import { stageHolders } from './stage-holders.ts';
import { checkActs, readStoredModel } from './stored-model.ts';

export interface Rollback extends Reason {
  readonly name: string;
  /** `stageToRollBack` where not said. */
  readonly stage?: TradingStage | undefined;
}

/**
 * Brings back the model that was on paper or live before, and archives the one that is there. It has been there by the rules
 * of its time: only that it still can act is looked at. Repeated, it goes one further back each time.
 * @throws BadInput where there is none before; StageConflict where another change came between
 */
export async function rollBackModel(pool: RegistryPool, rollback: Rollback): Promise<StageChanged> {
  checkReason(rollback);
  const { name, who, why } = rollback;
  const models = await listModels(pool, { name });
  const stage = rollback.stage ?? (await stageToRollBack(pool, name));
  const changes = await selectChanges(pool, { name });
  const holder = await holderOf(pool, name, stage);
  const target = stageHolders(changes, stage)
    .map((id) => models.find((model) => model.id === id)!)
    .findLast((model) => model.id !== holder?.id && (stage === 'live' || model.stage !== 'live'));
  if (target === undefined) throw new BadInput(noneBefore(name, stage, holder));
  checkActs(target.id, await readStoredModel(pool, target.id));
  return alone(pool, name, async (client) => {
    await checkUnchanged(client, target);
    await checkHolder(client, { name, stage, seen: holder });
    const change = { kind: 'rollback', who, why, evaluation: null } as const;
    const replaced = holder === undefined ? null : await move(client, holder, 'archived', change);
    return { record: await move(client, target, stage, change), replaced };
  });
}

/** Live if a model of the name has ever been, else paper. @throws NoSuchModel */
export async function stageToRollBack(pool: RegistryPool, name: string): Promise<TradingStage> {
  const changes = await selectChanges(pool, { name });
  if (changes.length === 0) return refuseName(pool, name);
  return changes.some(({ to }) => to === 'live') ? 'live' : 'paper';
}

function noneBefore(name: string, stage: TradingStage, holder: ModelRecord | undefined): string {
  const found = holder === undefined ? 'none' : `only ${modelTitle(holder)}, which is there`;
  return `name: expected a model of ${name} that was ${stage === 'live' ? 'live' : 'on paper'} before, found ${found}`;
}
