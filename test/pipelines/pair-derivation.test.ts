import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PAIR_V1 } from '../../operators/features/sets/pair-v1.ts';
import { createPairDerivation } from '../../pipelines/pair-derivation.ts';
import { derivePair, mergeLogs, pairedLog } from './pair-market.ts';

const test = suite('pipelines/pair-derivation');
const OTHER = 'simulated:OTHERUSDT';
const MERGED = mergeLogs([pairedLog(101), pairedLog(201)]);
const ROWS = derivePair(MERGED, OTHER);
const FULL = 2 ** PAIR_V1.columns.length - 1;

test('says of an instrument how it is beside the other, once a second, when all is warm', () => {
  assert.ok(ROWS.length > 700, String(ROWS.length));
  const full = ROWS.filter(({ mask }) => mask === FULL);
  assert.ok(full.length > 100, String(full.length));
  for (const { other, other_recording } of ROWS) assert.equal([other, other_recording], [OTHER, 'live']);
});

test('goes on from a saved state with the same rows', () => {
  assert.equal(derivePair(MERGED, OTHER, 397), ROWS);
});

test('depends on the order of the ids alone', () => {
  const turned = mergeLogs([pairedLog(101), pairedLog(201)].map((log) => log.toReversed()));
  assert.equal(derivePair(turned, OTHER), ROWS);
});

test('a loss of either log silences what is of both', () => {
  for (const lost of [0, 1]) {
    const masks: number[] = [];
    let isLost = false;
    const derivation = createPairDerivation({
      set: PAIR_V1,
      onVector: ({ mask }) => {
        if (isLost) masks.push(mask);
      },
    });
    const at = Math.floor(MERGED.length * 0.8);
    for (const [n, { log, entry }] of MERGED.slice(0, at + 100).entries()) {
      if (n === at) {
        isLost = true;
        derivation.pushLoss(lost);
      }
      derivation.push(log, entry);
    }
    assert.ok(masks.length > 0);
    assert.ok(masks.every((mask) => mask === 0));
  }
});

test.run();
