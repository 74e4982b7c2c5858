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
import { findModel } from './find-model.ts';
import { checkForwardTest } from './forward-test.ts';
import { type ModelRecord, modelTitle, nextStage, type TradingStage } from './model-record.ts';
import { alone, selectChanges } from './model-rows.ts';
import { onPaperSince } from './on-paper-since.ts';
import { brokenRules, foreignTo, type PromotionEvaluation, PromotionRefused } from './promotion-rules.ts';
import { checkActs, readStoredModel } from './stored-model.ts';

export interface Promotion extends Reason {
  /** As `findModel` takes it; a name alone only where it has one model. */
  readonly model: string;
  /** The next one where not said: of a live model there is none. */
  readonly to?: TradingStage | undefined;
  /** A `ForwardTest`, for live. */
  readonly evaluation?: unknown;
  /** Promotes it whatever the rules say; what it breaks is kept with the change. */
  readonly isForced?: boolean | undefined;
}

/**
 * Brings a model to paper or live, and archives the one of its name that was there. Rules: docs/training.md, Models. That it
 * can act here is no rule: nothing overrides it.
 * @throws PromotionRefused where rules are broken and it is not forced; StageConflict where another change came between;
 * BadInput for a model that cannot act, an evaluation of another one, or a stage that it cannot be promoted to
 */
export async function promoteModel(pool: RegistryPool, promotion: Promotion): Promise<StageChanged> {
  checkReason(promotion);
  const seen = await findModel(pool, promotion.model, { isExact: true });
  const to = promotion.to ?? nextStage(seen.stage);
  checkWay(seen, to, promotion.to);
  const holder = await holderOf(pool, seen.name, to);
  checkActs(seen.id, await readStoredModel(pool, seen.id));
  const evaluation = await evaluate(pool, seen, to, promotion);
  const { who, why } = promotion;
  return alone(pool, seen.name, async (client) => {
    await checkUnchanged(client, seen);
    await checkHolder(client, { name: seen.name, stage: to, seen: holder });
    const replaced =
      holder === undefined
        ? null
        : await move(client, holder, 'archived', {
            kind: 'replace',
            who,
            why: `by ${modelTitle(seen)}: ${why}`,
            evaluation: null,
          });
    return { record: await move(client, seen, to, { kind: 'promote', who, why, evaluation }), replaced };
  });
}

function checkWay(seen: ModelRecord, to: TradingStage, said: TradingStage | undefined): void {
  const { stage } = seen;
  if (stage === to) throw new BadInput(`to: expected another stage than that of ${modelTitle(seen)}, found ${to}`);
  if (stage !== 'live') return;
  const found = said === undefined ? 'live, behind which there is none' : `live, from which ${to} is no promotion`;
  throw new BadInput(`model: expected one that is not live yet, found ${modelTitle(seen)}, which is ${found}`);
}

/** @throws PromotionRefused */
async function evaluate(
  pool: RegistryPool,
  record: ModelRecord,
  to: TradingStage,
  { evaluation, isForced = false }: Promotion,
): Promise<PromotionEvaluation> {
  const forward = evaluation === undefined || evaluation === null ? null : checkForwardTest(evaluation);
  const foreign = forward === null ? undefined : foreignTo(record, forward);
  if (foreign !== undefined) throw new BadInput(foreign);
  const onPaperSinceMs = onPaperSince(await selectChanges(pool, { id: record.id }));
  const tries = await triesOf(pool, record);
  const broken = brokenRules({ record, to, tries, forward, onPaperSinceMs, nowMs: Date.now() });
  if (broken.length > 0 && !isForced) throw new PromotionRefused(modelTitle(record), to, broken);
  return { tested: record.tested.model ?? null, tries, forward, overridden: broken };
}

/** Models of the name whose test shares candles with this one's, which is one of them. */
async function triesOf(pool: RegistryPool, { id, name, test }: ModelRecord): Promise<number> {
  const { rows } = await pool.query<{ tries: number }>(
    `SELECT count(*)::int AS tries FROM models
     WHERE name = $1 AND (id = $2 OR (test_from < $4 AND test_to > $3))`,
    [name, id, new Date(test.fromMs), new Date(test.toMs)],
  );
  return rows[0]!.tries;
}
