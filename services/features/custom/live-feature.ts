import type { Redis } from 'ioredis';
import type { RowSender } from '../../../infra/questdb/sender.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { createDerivation, DERIVATION_VERSION, type Derivation } from '../../../pipelines/derivation.ts';
import { setHash } from '../../../pipelines/feature-sets.ts';
import { toRow } from '../../../pipelines/rows.ts';
import { type TopicEvent, toTopic } from '../../../pipelines/topics.ts';
import { getCheckpoint, handOverCheckpoint } from '../../../streams/checkpoint.ts';
import type { Entry } from '../../../streams/entry.ts';
import { type EntryId, FIRST_ENTRY_ID } from '../../../streams/id.ts';
import { LIVE } from '../../../streams/keys.ts';
import type { TopicEntry, TopicStream } from '../../deriver/topic-stream.ts';
import { openSetStream } from '../set-stream.ts';

/** One custom feature of one instrument's live recording: from entries to rows, what is streamed, and checkpoints. */
export interface LiveFeature {
  readonly instrument: string;
  /** Entry behind which reading begins. */
  readonly from: EntryId;
  readonly stream: TopicStream;
  /** @returns what is to be published of the entry */
  push(entry: Entry): TopicEntry | undefined;
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
  const isUsable = stored?.version === version;
  let lastEntryId = isUsable ? stored.entryId : FIRST_ENTRY_ID;
  const stream = await openSetStream(redis, instrument, set.id);
  let topics: TopicEvent[] = [];
  const derivation: Derivation = createDerivation({
    saved: isUsable ? stored.state : undefined,
    featureSets: [set],
    onDerived(derived, at, scale) {
      if (derived.kind !== 'features') return;
      const { columns } = toRow(derived, at, scale)!;
      sender.add({ ...columns, symbol: instrument, recording: LIVE });
      topics.push(toTopic(derived, at, scale));
    },
    // The deriver has its dead letter.
    onRefused: () => {},
  });
  return {
    instrument,
    from: lastEntryId,
    stream,
    push(entry) {
      derivation.push(entry);
      lastEntryId = entry.entryId;
      const events = topics;
      topics = [];
      return events.length === 0 ? undefined : { entryId: entry.entryId, traceparent: entry.traceparent, events };
    },
    save() {
      const entryId = lastEntryId;
      if (entryId === FIRST_ENTRY_ID) return async () => {};
      const state = derivation.save();
      return () => handOverCheckpoint(redis, owner, { entryId, version, state });
    },
  };
}
