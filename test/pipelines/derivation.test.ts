import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDerivation, DERIVATION_VERSION } from '../../pipelines/derivation.ts';
import type { EventToAppend } from '../../streams/entry.ts';
import { BTCUSDT_2023, readCapture } from '../support/captures.ts';
import { type DerivedLog, deriveLog, entriesOf, plainRows } from './derive.ts';
import { madeMarket } from './made-market.ts';

const test = suite('pipelines/derivation');

const MARKET = madeMarket({ events: 3_000 });
const count = ({ rows }: DerivedLog): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { table } of rows) counts[table] = (counts[table] ?? 0) + 1;
  return counts;
};

function assertSame(found: unknown, expected: unknown, message: string): void {
  // An assertion on this much would take minutes to say what differs.
  assert.ok(isDeepStrictEqual(found, expected), message);
}

test('a market with every channel and every fault gives rows of every table that needs no whole minute', () => {
  const log = deriveLog(entriesOf(MARKET));
  const counts = count(log);
  const tables = [
    'bars',
    'book_levels',
    'book_top',
    'features_spine_v1',
    'gaps',
    'liquidations',
    'mark_prices',
    'trades',
  ];
  assert.equal(Object.keys(counts).sort(), tables);
  for (const table of tables) assert.ok(counts[table]! > 5, `${table}: ${counts[table]}`);
  assert.ok(log.refused.length > 5, `${log.refused.length} refused`);
});

/** Digests of all rows by derivation version. Stored rows of another digest were derived by another version. */
const DIGESTS: Readonly<Record<string, { readonly market: string; readonly capture: string }>> = {
  'spine-2': { market: 'ba722e793f1ca03d', capture: 'bbe3bba7af666b3d' },
};

test('the rows are those of this derivation version: whoever changes them changes the version too', () => {
  const digestOf = (events: readonly EventToAppend[]) =>
    hash('sha256', JSON.stringify(deriveLog(entriesOf(events, [50])).rows)).slice(0, 16);
  const known = DIGESTS[DERIVATION_VERSION];
  assert.is(digestOf(MARKET), known?.market, `rows of the made market, version ${DERIVATION_VERSION}`);
  const captured = readCapture(BTCUSDT_2023);
  if (captured === undefined) return;
  assert.is(digestOf(captured), known?.capture, `rows of ${BTCUSDT_2023.file}, version ${DERIVATION_VERSION}`);
});

test('sets that are sampled at bars have a row at the end of each whole minute', () => {
  const { rows } = deriveLog(entriesOf(madeMarket({ events: 8_000, hasFaults: false }), [20]));
  const minutes = rows.filter(({ table, columns }) => table === 'bars' && columns['interval'] === '1m');
  const features = rows.filter(({ table }) => table === 'features_default_v1');
  const ends = minutes
    .filter(({ columns }) => columns['source'] === 'trades')
    .slice(1, -1)
    .map(({ columns }) => columns.ts + 60_000_000);
  assert.ok(ends.length >= 3);
  assert.equal(
    features.map(({ columns }) => columns.ts),
    ends,
  );
});

test('in a market without faults every feature warms up and stays so', () => {
  const entries = entriesOf(madeMarket({ events: 3_000, hasFaults: false }), [20]);
  const features = deriveLog(entries).rows.filter(({ table }) => table === 'features_spine_v1');
  const masks = features.map(({ columns }) => columns['mask']);
  assert.is(masks[0], 0b0001111);
  assert.ok(masks.length > 1_000);
  const warm = masks.indexOf(0b1111111);
  assert.ok(warm > 0 && masks.slice(warm).every((mask) => mask === 0b1111111));
});

test('rows do not depend on how the events are cut into entries', () => {
  const whole = plainRows(deriveLog(entriesOf(MARKET, [MARKET.length])).rows);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 9 }), (sizes) => {
      assertSame(plainRows(deriveLog(entriesOf(MARKET, sizes)).rows), whole, `entries of ${sizes} events`);
    }),
    { numRuns: 8 },
  );
});

test('a derivation saved and taken up, at any point, tells the same to the last bit', () => {
  const entries = entriesOf(MARKET, [1, 4, 2]);
  const expected = deriveLog(entries);
  assertSame(deriveLog(entries, { saveBefore: (index) => index % 7 === 3 }), expected, 'saved again and again');
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(entries.length), { minLength: 1, maxLength: 4 }), (points) => {
      const found = deriveLog(entries, { saveBefore: (index) => points.includes(index) });
      assertSame(found, expected, `saved before entries ${points}`);
    }),
    { numRuns: 8 },
  );
  for (const index of [0, 1, 2, entries.length])
    assertSame(deriveLog(entries, { saveBefore: (at) => at === index }), expected, `saved before entry ${index}`);
});

test(`of ${BTCUSDT_2023.file}, in any entries and saved at any points, the rows are the same to the last bit`, () => {
  const events = readCapture(BTCUSDT_2023);
  if (events === undefined) return;
  const expected = deriveLog(entriesOf(events, [50]));
  assert.equal(expected.refused, []);
  const cut = deriveLog(entriesOf(events, [1, 7, 300]));
  assertSame(plainRows(cut.rows), plainRows(expected.rows), 'cut otherwise');
  const saved = deriveLog(entriesOf(events, [50]), { saveBefore: (index) => index % 31 === 5 });
  assertSame(saved, expected, 'saved');
});

test('a state that is none is refused', () => {
  const options = { onDerived: () => {}, onRefused: () => {} };
  assert.throws(() => createDerivation({ ...options, saved: Buffer.from('nonsense') }));
});

test.run();
