import { deserialize, serialize } from 'node:v8';
import type { Redis } from 'ioredis';
import type { RowSender } from '../../../infra/questdb/sender.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { DERIVATION_VERSION } from '../../../pipelines/derivation.ts';
import type { Derived } from '../../../pipelines/derived.ts';
import { setHash } from '../../../pipelines/feature-sets.ts';
import { createPairDerivation } from '../../../pipelines/pair-derivation.ts';
import { toRow } from '../../../pipelines/rows.ts';
import { type TopicEvent, toTopic } from '../../../pipelines/topics.ts';
import { getCheckpoint, handOverCheckpoint } from '../../../streams/checkpoint.ts';
import { type EntryId, FIRST_ENTRY_ID } from '../../../streams/id.ts';
import { LIVE } from '../../../streams/keys.ts';
import type { MergedEntry } from '../../../streams/merge.ts';
import type { TopicEntry } from '../../deriver/topic-stream.ts';

/** A set of two instruments, of one instrument beside each of some others, on their live recordings. */
export interface LivePairs {
  /** Logs to be followed, the instrument's own first, and the entry behind which reading begins in each. */
  readonly logs: readonly { readonly instrument: string; readonly after: EntryId }[];
  /** @returns what is to be published of the entry */
  push(merged: MergedEntry): TopicEntry | undefined;
  pushLoss(log: number): void;
  /** Takes down how far it is. @returns what stores that, once the rows so far are stored */
  save(): () => Promise<void>;
}

export interface LivePairsOptions {
  readonly redis: Redis;
  readonly instrument: string;
  readonly others: readonly string[];
  readonly set: FeatureSet;
  readonly sender: RowSender;
}

interface Saved {
  readonly after: readonly EntryId[];
  readonly derivations: readonly Uint8Array[];
}

/** What a checkpoint's version says. */
export interface PairVersion {
  /** Of the set's definition. */
  readonly hash: string;
  readonly others: readonly string[];
}

function pairVersion(hash: string, others: readonly string[]): string {
  return [DERIVATION_VERSION, hash, ...others].join(' ');
}

export function readPairVersion(version: string): PairVersion {
  const [, hash = '', ...others] = version.split(' ');
  return { hash, others };
}

/** Takes up the logs where its checkpoint says; other others begin anew. */
export async function openLivePairs({ redis, instrument, others, set, sender }: LivePairsOptions): Promise<LivePairs> {
  const owner = { instrument, consumer: set.id };
  const version = pairVersion(setHash(set), others);
  const stored = await getCheckpoint(redis, owner);
  const saved: Saved | undefined = stored?.version === version ? deserialize(stored.state) : undefined;
  const logs = [instrument, ...others].map((of, n) => ({ instrument: of, after: saved?.after[n] ?? FIRST_ENTRY_ID }));
  const after = logs.map((log) => log.after);
  let topics: TopicEvent[] = [];
  const derivations = others.map((other, n) =>
    createPairDerivation({
      set,
      saved: saved?.derivations[n],
      onVector(vector, at, scale) {
        const derived: Derived = { kind: 'features', set, vector, other: { instrument: other, recording: LIVE } };
        sender.add({ ...toRow(derived, at, scale)!.columns, symbol: instrument, recording: LIVE });
        topics.push(toTopic(derived, at, scale));
      },
    }),
  );

  return {
    logs,
    push({ log, entry }) {
      for (const [n, derivation] of derivations.entries()) {
        if (log === 0) derivation.push(0, entry);
        else if (log === n + 1) derivation.push(1, entry);
      }
      after[log] = entry.entryId;
      const events = topics;
      topics = [];
      return events.length === 0 ? undefined : { entryId: entry.entryId, traceparent: entry.traceparent, events };
    },
    pushLoss(log) {
      for (const [n, derivation] of derivations.entries())
        if (log === 0 || log === n + 1) derivation.pushLoss(Math.min(log, 1));
    },
    save() {
      const state: Saved = { after: [...after], derivations: derivations.map((derivation) => derivation.save()) };
      const bytes = serialize(state);
      return () => handOverCheckpoint(redis, owner, { entryId: state.after[0]!, version, state: bytes });
    },
  };
}
