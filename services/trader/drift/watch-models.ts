import type { Redis } from 'ioredis';
import type pg from 'pg';
import { LAST_WATCH_KEY } from '../../../streams/keys.ts';
import { listAccounts } from '../../../streams/ledger.ts';
import { MODEL_PREFIX } from '../../trainer/model/model-strategy.ts';
import { demoteModel } from '../../trainer/registry/demote-model.ts';
import { findModel, NoSuchModel } from '../../trainer/registry/find-model.ts';
import { lastSession, type StoredSession } from '../stored-session.ts';
import { tellTrader } from '../tell-trader.ts';
import { type ModelDrift, sessionDrift } from './model-drift.ts';

/** What was found of one account whose model trades now. */
export interface WatchedModel extends Pick<ModelDrift, 'account' | 'session' | 'model' | 'decisions' | 'alarms'> {
  /** Whether the model was demoted for it now, and the account halted. */
  readonly isDemoted: boolean;
  /** Why nothing could be said; null: it could. */
  readonly error: string | null;
}

/** The last look at every model that trades. */
export interface ModelWatch {
  readonly timeMs: number;
  readonly models: readonly WatchedModel[];
}

export interface WatchOptions {
  readonly redis: Redis;
  readonly pool: pg.Pool;
  /** Where the files of models are. */
  readonly home: string;
  /** Whether a model that has drifted is demoted, and its account halted: its position stays. */
  readonly demotes: boolean;
}

/** Looks at every model that trades, and keeps what it found for `don status`. */
export async function watchModels(options: WatchOptions): Promise<ModelWatch> {
  const { redis } = options;
  const models: WatchedModel[] = [];
  for (const account of await listAccounts(redis)) {
    const { last } = await lastSession(redis, account);
    if (last === undefined || last.closed !== null || !last.opened.settings.strategy.startsWith(MODEL_PREFIX)) continue;
    models.push(await watch(options, account, last));
  }
  const found = { timeMs: Date.now(), models };
  await redis.set(LAST_WATCH_KEY, JSON.stringify(found));
  return found;
}

/** null: nobody has looked yet. */
export async function readModelWatch(redis: Redis): Promise<ModelWatch | null> {
  return JSON.parse((await redis.get(LAST_WATCH_KEY)) ?? 'null') as ModelWatch | null;
}

async function watch(
  { redis, pool, home, demotes }: WatchOptions,
  account: string,
  last: StoredSession,
): Promise<WatchedModel> {
  const { session, settings } = last.opened;
  const model = settings.strategy.slice(MODEL_PREFIX.length);
  try {
    const found = sessionDrift(account, last, home);
    const { decisions, alarms } = found;
    const reason = `drift: ${alarms.join('; ')}`;
    const isDemoted = demotes && alarms.length > 0 && (await demote(pool, found, reason));
    if (isDemoted) {
      const halt = { type: 'halt', by: 'models-watch', timeMs: Date.now(), flattens: false, reason } as const;
      await tellTrader(redis, account, halt);
    }
    return { account, session, model, decisions, alarms, isDemoted, error: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { account, session, model, decisions: 0, alarms: [], isDemoted: false, error: message };
  }
}

/** @returns whether it was: one that is not in the registry, or holds no stage there, cannot be */
async function demote(pool: pg.Pool, found: ModelDrift, why: string): Promise<boolean> {
  const { model, account, session, features, performance } = found;
  try {
    const { stage } = await findModel(pool, model);
    if (stage !== 'paper' && stage !== 'live') return false;
    const evaluation = { account, session, features, performance };
    await demoteModel(pool, { model, from: stage, who: 'models-watch', why, evaluation });
    return true;
  } catch (error) {
    if (error instanceof NoSuchModel) return false;
    throw error;
  }
}
