import type { StageChange, TradingStage } from './model-record.ts';

/**
 * Models that a rollback of a stage can come back to, as its history tells; the last was there last. One that was replaced
 * stays among them; one that left otherwise (promoted on, demoted, rolled back) does not.
 */
export function stageHolders(
  changes: readonly Pick<StageChange, 'model' | 'kind' | 'from' | 'to'>[],
  stage: TradingStage,
): string[] {
  let holders: string[] = [];
  for (const { model, kind, from, to } of changes) {
    const hasLeft = from === stage && kind !== 'replace';
    if (hasLeft || to === stage) holders = holders.filter((one) => one !== model);
    if (to === stage) holders.push(model);
  }
  return holders;
}
