import type { Redis } from 'ioredis';
import type { RowSender } from '../../../infra/questdb/sender.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { createDerivation, DERIVATION_VERSION, type Derivation } from '../../../pipelines/derivation.ts';
import { setHash } from '../../../pipelines/feature-sets.ts';
import { toRow } from '../../../pipelines/rows.ts';
import { getCheckpoint, setCheckpoint } from '../../../streams/checkpoint.ts';
import type { Entry } from '../../../streams/entry.ts';
import { type EntryId, FIRST_ENTRY_ID } from '../../../streams/id.ts';

/** One custom feature of one instrument's live recording: from entries to rows and checkpoints. */
export interface LiveFeature {
  readonly instrument: string;
  /** Entry behind which reading begins. */
  readonly from: EntryId;
  push(entry: Entry): void;
  /** Takes down how far it is. @returns what stores that, once the rows so far are stored */
  save(): () => Promise<void>;
}

export interface LiveFeatureOptions {
  readonly redis: Redis;
  readonly instrument: string;
  readonly set: FeatureSet;
  readonly sender: RowSender;
}

/** Takes up the log where its checkpoint says; a feature whose file has changed begins anew. */
export async function openLiveFeature({ redis, instrument, set, sender }: LiveFeatureOptions): Promise<LiveFeature> {
  const owner = { instrument, consumer: set.table.replaceAll('_', '-') };
  const version = `${DERIVATION_VERSION} ${setHash(set)}`;
  const stored = await getCheckpoint(redis, owner);
  const isUsable = stored?.version === version && typeof stored.state === 'string';
  let lastEntryId = isUsable ? stored.entryId : FIRST_ENTRY_ID;
  const derivation: Derivation = createDerivation({
    saved: isUsable ? Buffer.from(String(stored.state), 'base64') : undefined,
    featureSets: [set],
    onDerived(derived, at, scale) {
      if (derived.kind !== 'features') return;
      const { columns } = toRow(derived, at, scale)!;
      sender.add({ ...columns, symbol: instrument, recording: 'live' });
    },
    // The deriver has its dead letter.
    onRefused: () => {},
  });
  return {
    instrument,
    from: lastEntryId,
    push(entry) {
      derivation.push(entry);
      lastEntryId = entry.entryId;
    },
    save() {
      const entryId = lastEntryId;
      if (entryId === FIRST_ENTRY_ID) return async () => {};
      const state = Buffer.from(derivation.save()).toString('base64');
      return () => setCheckpoint(redis, owner, { entryId, version, state });
    },
  };
}
