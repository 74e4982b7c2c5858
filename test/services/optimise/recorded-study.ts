import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { checkSpec } from '../../../services/optimise/read-spec.ts';
import { resolveStudy, studySpan } from '../../../services/optimise/resolve-study.ts';
import type { Study } from '../../../services/optimise/study.ts';
import type { EventToAppend } from '../../../streams/entry.ts';
import { LIVE } from '../../../streams/keys.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { record } from '../jobs/recorded-market.ts';

/** As often a recorder connects anew, and tells the instrument again. */
const CONNECTED_EVERY = 100;

/** A made market of some three hours. */
export function studiedMarket(): EventToAppend[] {
  const market = madeMarket({ seed: 62, events: 6_000, hasFaults: false, pace: 40, snapshotEvery: 60 });
  const instrument = market.find(({ channel }) => channel === 'instrument')!;
  return market.flatMap((event, n) =>
    n % CONNECTED_EVERY === 0 ? [{ ...instrument, receiveTimeUs: event.receiveTimeUs }, event] : [event],
  );
}

export function recordMarket(redis: Redis): Promise<string> {
  return record(redis, entriesOf(studiedMarket(), [5]));
}

/** A study of it that takes seconds, as a file would declare it. */
export function declared(instrument: string) {
  return {
    strategy: 'moving-average-cross',
    instrument,
    vary: { fast: { from: 2, to: 8 }, slow: { from: 4, to: 20, step: 2 } },
    set: { barMs: 20_000 },
    search: 'tpe',
    trials: 24,
    objectives: ['return', 'max-drawdown'],
    train: '1h',
    test: '30m',
    embargo: '5m',
  };
}

/** @param changes of the declaration */
export async function studyOf(redis: Redis, instrument: string, changes: object = {}): Promise<Study> {
  const { spec, strategy } = await checkSpec({ ...declared(instrument), ...changes }, (field) => field);
  return resolveStudy(spec, strategy, LIVE, await studySpan(redis, { instrument, recording: LIVE }, {}));
}

/** Of its 72 trials a study that is to be killed stores so many. */
export const HALTS_AT = 30;

/** Trials of a study that is under way, as lines. */
export function storedTrials(folder: string, { id }: Study): string[] {
  const path = join(folder, id, 'trials.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
