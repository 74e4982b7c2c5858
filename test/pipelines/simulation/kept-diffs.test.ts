import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { areAllParts, keepsDiffs } from '../../../pipelines/simulation/kept-diffs.ts';
import { DEPTH_SNAPSHOT, DEPTH_UPDATE, type Tape } from '../../../streams/tape/tape.ts';
import { madeMarket } from '../made-market.ts';
import { tapesOf } from './small-tapes.ts';

const test = suite('pipelines/simulation/kept-diffs');

/** Diffs of all parts, in order: whether each is kept. */
const keptOf = (parts: readonly Tape[]): boolean[] =>
  parts.flatMap((tape) =>
    [...tape.kinds].flatMap((kind, n) => (n < tape.events && kind === DEPTH_UPDATE ? [keepsDiffs(tape, n)] : [])),
  );

/** Whether a snapshot follows each diff before 512 others do. */
function expectedOf(parts: readonly Tape[]): boolean[] {
  const kinds = parts.flatMap((tape) => [...tape.kinds].slice(0, tape.events));
  const rows = kinds.filter((kind) => kind === DEPTH_UPDATE || kind === DEPTH_SNAPSHOT);
  return rows.flatMap((kind, n) =>
    kind === DEPTH_UPDATE
      ? [rows.slice(n).indexOf(DEPTH_SNAPSHOT) <= 512 && rows.slice(n).includes(DEPTH_SNAPSHOT)]
      : [],
  );
}

test('diffs are kept before a snapshot that may come, which a part does not know and all of them do', () => {
  const market = madeMarket({ seed: 5, events: 4_000, hasFaults: false, snapshotEvery: 900 });
  const parts = tapesOf(market, 150);
  assert.ok(parts.length > 20);
  assert.not(keptOf(parts).includes(false), 'behind a short part a snapshot may come');
  areAllParts(parts);
  const kept = keptOf(parts);
  assert.equal(kept, expectedOf(parts));
  assert.ok(kept.includes(true) && kept.includes(false));
});

test.run();
