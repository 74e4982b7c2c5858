import type { Redis } from 'ioredis';
import { BadInput } from '../../../infra/setup-error.ts';
import { type Drift, drift } from '../../../operators/drift/drift.ts';
import { type ReturnDrift, returnDrift } from '../../../operators/drift/return-drift.ts';
import type { Decided, TraderEvent } from '../../../operators/ledger/ledger-event.ts';
import { blockLength } from '../../../operators/performance/block-length.ts';
import { hash32, random } from '../../../operators/random.ts';
import type { Model } from '../../trainer/model/model.ts';
import { readModel } from '../../trainer/model/model-folder.ts';
import { MODEL_PREFIX } from '../../trainer/model/model-strategy.ts';
import { lastSession, type StoredSession } from '../stored-session.ts';

/** How what a model sees, and what it gains, lies beside its training and its test. */
export interface ModelDrift {
  readonly account: string;
  readonly session: string;
  readonly model: string;
  readonly decisions: number;
  /** By feature, normalised; null: the model was trained on too little to say what is usual. */
  readonly features: readonly ({ readonly name: string } & Drift)[] | null;
  /** Since it trades, but of no longer than its test was; `periods` of the length of the test's. */
  readonly performance: ReturnDrift & { readonly periods: number; readonly found: number };
  /** What has drifted, in a sentence each. */
  readonly alarms: readonly string[];
}

/**
 * Of the account's last session, by the decisions in its ledger.
 * @param home where the model's file is
 * @throws BadInput where the account has none, or no model traded in it
 */
export async function modelDrift(redis: Redis, account: string, home: string): Promise<ModelDrift> {
  const { last } = await lastSession(redis, account);
  if (last?.opened.settings.strategy.startsWith(MODEL_PREFIX) !== true)
    throw new BadInput(
      `--account: expected one whose last session was a model’s, found ${account}: ${last?.opened.settings.strategy ?? 'it had none'}`,
    );
  return sessionDrift(account, last, home);
}

/**
 * Of a session in which a model traded, as it was read.
 * @param home where the model's file is
 * @throws BadInput where it is not there
 */
export function sessionDrift(account: string, { opened, stored }: StoredSession, home: string): ModelDrift {
  const { settings, session, tradesFromUs } = opened;
  const id = settings.strategy.slice(MODEL_PREFIX.length);
  const model = readModel(home, id);
  const decided = stored
    .map((text) => JSON.parse(text) as TraderEvent)
    .filter((event): event is Decided => event.type === 'decided');
  const features = featuresOf(model, decided);
  const performance = performanceOf(
    model,
    decided.filter(({ timeUs }) => timeUs >= tradesFromUs),
    settings.balance,
  );
  return {
    account,
    session,
    model: id,
    decisions: decided.length,
    features,
    performance,
    alarms: alarmsOf(features, performance),
  };
}

function featuresOf({ usual, normalisation: { columns } }: Model, decided: readonly Decided[]): ModelDrift['features'] {
  if (usual === null) return null;
  return columns.map((name, n) => {
    // Behind the values is whether each of them is valid.
    const isValid = ({ observation }: Decided): boolean => observation[columns.length + n] === 1;
    return {
      name,
      ...drift(
        usual[n]!,
        decided.filter(isValid).map(({ observation }) => observation[n]!),
      ),
    };
  });
}

/** A test of minutes on a book says nothing of a day: what chance made of its mean return would be all that is compared. */
function performanceOf({ tested }: Model, decided: readonly Decided[], balance: number): ModelDrift['performance'] {
  const { returns, model } = tested;
  const last = decided.at(-1);
  const fromUs = (last?.timeUs ?? 0) - returns.length * model.periodMs * 1_000;
  const at = decided.findIndex(({ timeUs }) => timeUs >= fromUs);
  const before = at > 0 ? decided[at]!.equity : balance;
  const periods = Math.floor(((last?.timeUs ?? 0) - (decided[at]?.timeUs ?? 0)) / 1_000 / model.periodMs);
  const found = (last?.equity ?? balance) / before - 1;
  const options = { blockLength: blockLength(returns), uniform: random(hash32('return-drift')).uniform };
  return { periods, found, ...returnDrift(returns, periods, found, options) };
}

function alarmsOf(features: ModelDrift['features'], performance: ModelDrift['performance']): string[] {
  const drifted = (features ?? []).filter(({ verdict }) => verdict === 'drifted');
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  return [
    ...drifted.map(
      ({ name, stability, usualStability, distance, usualDistance }) =>
        `${name} has drifted: PSI ${stability.toFixed(3)} (usual up to ${usualStability.toFixed(3)}), KS ${distance.toFixed(3)} (usual up to ${usualDistance.toFixed(3)})`,
    ),
    ...(performance.verdict === 'drifted'
      ? [
          `it loses more than its test lets expect: ${percent(performance.found)} in ${performance.periods} periods, where 99 of 100 such times have more than ${percent(performance.lowest)}`,
        ]
      : []),
  ];
}
