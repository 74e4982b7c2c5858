// time limit: 240 s
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { questdbRows } from '../../../../infra/questdb.ts';
import { connectRedis } from '../../../../infra/redis.ts';
import { createDerivation } from '../../../../pipelines/derivation.ts';
import { setHash } from '../../../../pipelines/feature-sets.ts';
import { toRow } from '../../../../pipelines/rows.ts';
import { checkForFill, FeatureRefused, fillRecording } from '../../../../services/features/custom/fill-recording.ts';
import { loadCustomSets } from '../../../../services/features/custom/load-custom-sets.ts';
import { encodeEntry } from '../../../../streams/entry.ts';
import { rawKey } from '../../../../streams/keys.ts';
import { registerRecording } from '../../../../streams/recordings.ts';
import { entriesOf } from '../../../pipelines/derive.ts';
import { madeMarket } from '../../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../../support/servers.ts';

const test = suite('services/features/custom/fill-recording');

const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const MARK = `t${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'don-custom-'));
const [instrument, recording] = [testInstrument(), '0123456789ab'];
const ENTRIES = entriesOf(madeMarket({ seed: 47, events: 1_500 }), [5]);
const RECEIVED = ENTRIES.flatMap(({ events }) => events.map(({ receiveTimeUs }) => receiveTimeUs));

/** The change of the bid since the quote before; `harm` is done at prices that the made markets of the check never have. */
const feature = (name: string, harm = ''): string => `import { foldFeature } from 'don/features';
export default foldFeature({
  name: '${name}_${MARK}',
  inputs: ['topOfBook', 'bookBreak'],
  outputs: { '': { unit: 'price', range: [null, null], says: 'positive: the bid rose' } },
  warmUp: () => ({ count: 2, of: 'quotes' }),
  create: () => ({
    initialState: () => ({ last: 0, change: 0, quotes: 0 }),
    evolve: (state, event) => {
      if (event.type === 'bookBreak') return { last: 0, change: 0, quotes: 0 };
      state.change = event.bidTicks - state.last;
      state.last = event.bidTicks;
      state.quotes++;
      if (state.last > 590_000) { ${harm} }
      return state;
    },
    project: ({ change, quotes }) => (quotes < 2 ? undefined : change),
  }),
});
`;

function write(name: string, harm?: string): string {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, feature(name, harm));
  return file;
}

const redis = await connectRedis(redisUrl);
await registerRecording(redis, instrument, { recording, kind: 'import' });
for (const { entryId, events } of ENTRIES)
  await redis.xadd(rawKey(instrument, recording), entryId, ...encodeEntry(events));
await redis.quit();

const where = { redisUrl, questdbUrl, instrument, recording };
const table = (name: string): string => `features_custom_${name}_${MARK}_v1`;

async function stored(name: string): Promise<unknown[]> {
  const columns = `entry_id, ${name}_${MARK} value, mask, set_hash, recording`;
  const rows = await questdbRows(
    questdbUrl,
    `SELECT ${columns} FROM ${table(name)} WHERE symbol = '${instrument}' ORDER BY ts, update_id`,
  );
  return rows.map(({ entry_id, value, mask, set_hash, recording: of }) => [entry_id, value, mask, set_hash, of]);
}

test('a recording is filled with what the feature says live, under the same hash', async () => {
  const file = write('change');
  const { set } = await checkForFill(file);
  const [loaded] = await loadCustomSets(folder);
  assert.equal([loaded!.id, setHash(loaded!), loaded!.table], [set.id, set.hash, set.table]);
  const expected: unknown[][] = [];
  const derivation = createDerivation({
    featureSets: [loaded!],
    onRefused: () => {},
    onDerived(derived, at, scale) {
      if (derived.kind !== 'features') return;
      const { entry_id, mask, set_hash, [`change_${MARK}`]: value } = toRow(derived, at, scale)!.columns;
      expected.push([entry_id, value, mask, set_hash, recording]);
    },
  });
  for (const entry of ENTRIES) derivation.push(entry);

  const report = await fillRecording({ ...where, file }, set.id);
  assert.equal(report, { instrument, recording, set: set.id, events: RECEIVED.length, rows: expected.length });
  assert.ok(expected.length > 300);
  const byEntry = (rows: unknown[]): unknown[] => rows.map(String).sort();
  assert.equal(byEntry(await stored('change')), byEntry(expected));

  const again = await fillRecording({ ...where, file }, set.id);
  assert.is(again.rows, expected.length);
  assert.is((await stored('change')).length, expected.length, 'a second time replaces the rows');
});

test('of a span only its rows are stored, with values that know what came before', async () => {
  const file = write('part');
  const { set } = await checkForFill(file);
  const [fromUs, toUs] = [RECEIVED[700]!, RECEIVED[900]!];
  const { rows } = await fillRecording({ ...where, file, fromUs, toUs }, set.id);
  const whole = new Map((await stored('change')).map((row) => [(row as string[])[0], (row as unknown[])[1]]));
  const part = (await stored('part')) as unknown[][];
  assert.is(part.length, rows);
  assert.ok(rows > 20 && rows < whole.size / 2);
  for (const [entryId, value] of part) assert.is(value, whole.get(entryId as string), String(entryId));
});

test('one that does harm is refused, and says where', async () => {
  const leaks = write('leaks', 'state.change = Math.random();');
  const unchecked = (name: string, harm: string, stallMs = 5_000) =>
    fillRecording({ ...where, file: write(name, harm), stallMs }, 'any').then(
      () => 'nothing',
      (error: Error) => {
        assert.instance(error, FeatureRefused);
        return error.message;
      },
    );
  assert.is((await checkForFill(leaks)).feature.name, `leaks_${MARK}`, 'the made market does not show it');
  writeFileSync(leaks, feature('leaks').replace('event.bidTicks - state.last', 'Math.random()'));
  const refusal = await checkForFill(leaks).catch((error: Error) => error.message);
  assert.match(String(refusal), /leaks\.ts: throws: Error: Math\.random was called/);
  assert.match(await unchecked('throws', "throw new RangeError('too dear');"), /of simulated:.*: RangeError: too dear/);
  assert.match(await unchecked('stalls', 'for (;;);', 1_000), /stalled: an entry took more than 1 s/);
  assert.match(await unchecked('nan', 'state.change = Number.NaN;'), /said what is no number: nan_t\d+: NaN/);
});

test('ends', async () => {
  rmSync(folder, { recursive: true });
  for (const name of ['change', 'part', 'leaks', 'throws', 'stalls', 'nan'])
    await questdbRows(questdbUrl, `DROP TABLE IF EXISTS ${table(name)}`).catch(() => {});
});

test.run();
