import { PAIR_V1 } from '../../operators/features/sets/pair-v1.ts';
import { createPairDerivation } from '../../pipelines/pair-derivation.ts';
import { type TableRow, toRow } from '../../pipelines/rows.ts';
import type { Entry } from '../../streams/entry.ts';
import { compareEntryIds } from '../../streams/id.ts';
import { LIVE } from '../../streams/keys.ts';
import type { MergedEntry } from '../../streams/merge.ts';
import { entriesOf } from './derive.ts';
import { madeMarket } from './made-market.ts';

/** Receive times of an entry are those of its first event, as the tests' `appendEvents` writes it. */
function withOneTime({ events, ...entry }: Entry): Entry {
  return { ...entry, events: events.map((event) => ({ ...event, receiveTimeUs: events[0]!.receiveTimeUs })) };
}

/** A log of a quarter of an hour without faults, and some minutes with them. */
export function pairedLog(seed: number): Entry[] {
  const quiet = madeMarket({ seed, events: 18_000, hasFaults: false, snapshotEvery: 60 });
  const startUs = quiet.at(-1)!.receiveTimeUs + 1_000_000;
  return entriesOf([...quiet, ...madeMarket({ seed: seed + 1, events: 3_000, startUs })], [7]).map(withOneTime);
}

export function mergeLogs(logs: readonly (readonly Entry[])[]): MergedEntry[] {
  return logs
    .flatMap((entries, log) => entries.map((entry) => ({ log, entry })))
    .sort((one, other) => compareEntryIds(one.entry.entryId, other.entry.entryId) || one.log - other.log);
}

/**
 * Rows of `pair-v1` in one run.
 * @param saveEvery entries after which another one goes on from the saved state
 */
export function derivePair(merged: readonly MergedEntry[], other: string, saveEvery = Infinity): TableRow['columns'][] {
  const rows: TableRow['columns'][] = [];
  const begin = (saved?: Uint8Array) =>
    createPairDerivation({
      set: PAIR_V1,
      saved,
      onVector: (vector, at, scale) => {
        const beside = { instrument: other, recording: LIVE };
        rows.push(toRow({ kind: 'features', set: PAIR_V1, vector, other: beside }, at, scale)!.columns);
      },
    });
  let derivation = begin();
  for (const [n, { log, entry }] of merged.entries()) {
    derivation.push(log, entry);
    if ((n + 1) % saveEvery === 0) derivation = begin(derivation.save());
  }
  return rows;
}
