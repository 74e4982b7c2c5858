import type { Redis } from 'ioredis';
import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { createDerivation, DERIVATION_VERSION, type Derivation, type RefusedAt } from '../../pipelines/derivation.ts';
import type { Derived } from '../../pipelines/derived.ts';
import { FEATURE_SETS, versionWith } from '../../pipelines/feature-sets.ts';
import { toRow } from '../../pipelines/rows.ts';
import { type TopicEvent, toOpenBarTopic, toTopic } from '../../pipelines/topics.ts';
import { getCheckpoint, handOverCheckpoint } from '../../streams/checkpoint.ts';
import { addDeadLetter, type DeadLetter, listDeadLetters } from '../../streams/dead-letter.ts';
import type { Entry } from '../../streams/entry.ts';
import type { DecodeError } from '../../streams/events/decode-error.ts';
import type { EventPlace } from '../../streams/events/logged-event.ts';
import type { Scale } from '../../streams/events/scale.ts';
import type { TrimmedSpan } from '../../streams/follow.ts';
import { type EntryId, FIRST_ENTRY_ID, formatEventId } from '../../streams/id.ts';
import type { RowStore } from './row-store.ts';
import type { TopicEntry } from './topic-stream.ts';

/** Whose checkpoint it is. */
export const CONSUMER = 'deriver';

/** Dead letters looked through for those that an earlier run of this deriver has written. */
const DEAD_LETTERS_KNOWN = 10_000;

export interface DeriverOptions {
  readonly redis: Redis;
  readonly rows: RowStore;
  readonly instrument: string;
  readonly recording: string;
  /** Those that are derived where none are said if not said. */
  readonly featureSets?: readonly FeatureSet[];
  /** Whether topics are made too; an import has nobody to stream to. */
  readonly isStreamed: boolean;
}

/** Derives one recording: from entries to rows, topics and checkpoints. */
export interface Deriver {
  readonly instrument: string;
  readonly recording: string;
  /** Entry behind which reading begins. */
  readonly from: EntryId;
  /** Last entry that was pushed. */
  readonly lastEntryId: EntryId;
  readonly counts: { entries: number; events: number; refused: number; gaps: number };
  push(entry: Entry): TopicEntry | undefined;
  /** The recording is complete. */
  end(): void;
  pushTrimmed(span: TrimmedSpan, receiveTimeUs: number): void;
  /**
   * Commits the rows, then stores how far they reach: the next deriver goes on from there.
   * @param isPublished whether the topics of what was pushed last have come to be published; nothing is stored where they have not
   */
  checkpoint(isPublished?: Promise<boolean>): Promise<void>;
}

/** Takes up the recording where its checkpoint says; one of another version is not used, and all is derived anew. */
export async function openDeriver(options: DeriverOptions): Promise<Deriver> {
  const { redis, rows, instrument, recording, featureSets = FEATURE_SETS, isStreamed } = options;
  const version = versionWith(DERIVATION_VERSION, featureSets);
  const owner = { instrument, consumer: CONSUMER, recording };
  const stored = await getCheckpoint(redis, owner);
  const isUsable = stored?.version === version;
  const from = isUsable ? stored.entryId : FIRST_ENTRY_ID;
  const saved = isUsable ? stored.state : undefined;
  const counts = { entries: 0, events: 0, refused: 0, gaps: 0 };
  const letters = await knownDeadLetters(redis, instrument);
  const waiting: DeadLetter[] = [];
  let lastEntryId = from;
  let topics: TopicEvent[] = [];
  let hasTrade = false;

  function onDerived(derived: Derived, at: EventPlace, scale: Scale): void {
    const row = toRow(derived, at, scale);
    if (row !== undefined) rows.add(instrument, recording, row);
    if (derived.kind === 'gap' && derived.span.closedBy === 'open') counts.gaps++;
    if (derived.kind === 'trade') hasTrade = true;
    if (isStreamed) topics.push(toTopic(derived, at, scale));
  }

  function onRefused(error: DecodeError, { entryId, index, channel, receiveTimeUs, payload }: RefusedAt): void {
    counts.refused++;
    const reason = `${error.message} (event ${formatEventId(entryId, index)} of the log)`;
    if (letters.has(reason)) return;
    letters.add(reason);
    waiting.push({ recording, channel, reason, receiveTimeUs, payload: payload.toString() });
  }

  const derivation: Derivation = createDerivation({ onDerived, onRefused, featureSets, saved });

  function takeTopics({ entryId, events }: Entry): TopicEvent[] {
    const taken = topics;
    topics = [];
    const bar = derivation.openBar('1m');
    if (isStreamed && hasTrade && bar !== null && derivation.scale !== undefined)
      taken.push(toOpenBarTopic('1m', bar, events.length - 1, derivation.scale));
    hasTrade = false;
    lastEntryId = entryId;
    return taken;
  }

  return {
    instrument,
    recording,
    from,
    get lastEntryId() {
      return lastEntryId;
    },
    counts,
    push(entry) {
      derivation.push(entry);
      counts.entries++;
      counts.events += entry.events.length;
      const events = takeTopics(entry);
      return events.length === 0 ? undefined : { entryId: entry.entryId, traceparent: entry.traceparent, events };
    },
    end: derivation.end,
    pushTrimmed({ before }, receiveTimeUs) {
      for (const channel of ['depth', 'aggTrade', 'trade', 'markPrice', 'forceOrder'])
        derivation.pushGap(channel, 'trimmed', { entryId: before, index: 0, receiveTimeUs });
    },
    async checkpoint(isPublished = Promise.resolve(true)) {
      const entryId = lastEntryId;
      const state = derivation.save();
      await rows.flush();
      for (let letter = waiting[0]; letter !== undefined; letter = waiting[0]) {
        await addDeadLetter(redis, instrument, letter);
        waiting.shift();
      }
      if (!(await isPublished)) return;
      if (entryId !== FIRST_ENTRY_ID) await handOverCheckpoint(redis, owner, { entryId, version, state });
    },
  };
}

/** The reasons of the deriver's own dead letters: each names its event, so none is written twice. */
async function knownDeadLetters(redis: Redis, instrument: string): Promise<Set<string>> {
  const letters = await listDeadLetters(redis, instrument, DEAD_LETTERS_KNOWN);
  return new Set(letters.map(({ reason }) => reason));
}
