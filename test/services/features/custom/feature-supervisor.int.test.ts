// time limit: 240 s
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { questdbRows } from '../../../../infra/questdb.ts';
import { connectRedis } from '../../../../infra/redis.ts';
import {
  type CustomFeatureStatus,
  createFeatureSupervisor,
} from '../../../../services/features/custom/feature-supervisor.ts';
import { deriveLog, entriesOf } from '../../../pipelines/derive.ts';
import { madeMarket } from '../../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';
import { appendEntries } from '../../api/append-events.ts';

const test = suite('services/features/custom/feature-supervisor');
const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');

/** A feature of the bid that does `harm` at prices which the made markets of the check never have. */
const feature = (name: string, harm: string, said = 'last'): string => `import { foldFeature } from 'don/features';
export default foldFeature({
  name: '${name}',
  inputs: ['topOfBook', 'bookBreak'],
  outputs: { '': { unit: 'price', range: [null, null], says: 'best bid' } },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  create: () => ({
    initialState: () => ({ last: 0 }),
    evolve: (state, event) => {
      state.last = event.type === 'topOfBook' ? event.bidTicks : 0;
      if (state.last > 600_000) { ${harm} }
      return state;
    },
    project: ({ last }) => (last === 0 ? undefined : ${said}),
  }),
});
`;

/** Unlike another test's, whose tables are the same for all. */
const MARK = `t${process.pid}`;

test('features of a folder are found, checked, run and stored; those that do harm are switched off, and harm nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'don-custom-'));
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const entries = entriesOf(madeMarket({ seed: 44, events: 1_200, hasFaults: false }), [5]);
  const append = async (part: typeof entries): Promise<void> => {
    await appendEntries(redis, instrument, part);
  };
  const supervisor = createFeatureSupervisor({
    folder,
    redis,
    instruments: [instrument],
    redisUrl,
    questdbUrl,
    log: () => {},
    stallMs: 2_000,
  });
  const status = (name: string): CustomFeatureStatus | undefined =>
    supervisor.statuses().find(({ file }) => file === `${name}.ts`);
  const write = (name: string, text: string): void => writeFileSync(join(folder, `${name}.ts`), text);
  const stored = async (name: string): Promise<number> => {
    const table = `features_custom_${name}_v1`;
    const [row] = await questdbRows(
      questdbUrl,
      `SELECT count() n, sum(${name}) total FROM ${table} WHERE symbol = '${instrument}'`,
    ).catch(() => [{ n: 0 }]);
    return Number(row!['n']);
  };
  try {
    await append(entries.slice(0, 120));
    write(`sound_${MARK}`, feature(`sound_${MARK}`, ''));
    write('throws', feature(`throws_${MARK}`, "throw new RangeError('too dear');"));
    write('stalls', feature(`stalls_${MARK}`, 'for (;;);'));
    write('nan', feature(`nan_${MARK}`, '', 'last > 600_000 ? Number.NaN : last'));
    write('leaks', "export default 'nothing';");
    await supervisor.look();
    assert.is(status('leaks')?.state, 'refused');
    assert.match(String(status('leaks')?.reason), /expected export default foldFeature/);
    for (const [name, reason] of [
      ['throws', /RangeError: too dear/],
      ['stalls', /stalled: an entry took more than 2 s/],
      ['nan', /said what is no number: nan_t\d+: NaN/],
    ] as const) {
      await until(`${name} is off`, () => status(name)?.state === 'off');
      assert.match(String(status(name)?.reason), reason);
    }
    // The others are gone; what is sound goes on with what comes.
    await append(entries.slice(120));
    const expected = deriveLog(entries).rows.filter(({ table }) => table === 'features_spine_v1').length;
    await until('all rows are stored', async () => (await stored(`sound_${MARK}`)) === expected);
    assert.is(status(`sound_${MARK}`)?.state, 'running');

    write('later', feature(`later_${MARK}`, ''));
    rmSync(join(folder, `sound_${MARK}.ts`));
    await supervisor.look();
    assert.is(status(`sound_${MARK}`), undefined, 'a file that is gone runs no more');
    await until('what came later has the rows of before', async () => (await stored(`later_${MARK}`)) === expected);
  } finally {
    await supervisor.stop();
    rmSync(folder, { recursive: true });
    for (const name of ['sound', 'later', 'throws', 'stalls', 'nan'])
      await questdbRows(questdbUrl, `DROP TABLE IF EXISTS features_custom_${name}_${MARK}_v1`).catch(() => {});
    await redis.quit();
  }
});

test.run();
