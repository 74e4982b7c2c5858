import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../infra/home.ts';
import { questdbRows } from '../../../infra/questdb.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { checkFeature } from '../../../services/features/custom/check-feature.ts';
import { statusKey } from '../../../streams/keys.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { lastingStatus } from '../../support/lasting-status.ts';
import { runDon } from '../../support/run-don.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { appendEntries } from '../api/append-events.ts';

const test = suite('services/cli/custom-features');

const { redisUrl, questdbUrl, questdbPgUrl } = await testServers('redis', 'questdb');
const folder = mkdtempSync(join(tmpdir(), 'don-features-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const NAME = `spread_t${process.pid}`;
const file = join(folder, 'spread.ts');
writeFileSync(
  file,
  `import { foldFeature } from 'don/features';
${'export default'} foldFeature({
  name: '${NAME}',
  title: 'Spread of the best prices',
  inputs: ['topOfBook', 'bookBreak'],
  outputs: { '': { unit: 'price', range: [0, null], says: 'ask less bid' } },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  create: () => ({
    initialState: () => ({ spread: 0 }),
    evolve: (state, event) => ({ spread: event.type === 'bookBreak' ? 0 : event.askTicks - event.bidTicks }),
    project: ({ spread }) => (spread === 0 ? undefined : spread),
  }),
});
`,
);
const instrument = testInstrument();
const redis = await connectRedis(redisUrl);
await appendEntries(redis, instrument, entriesOf(madeMarket({ seed: 34, events: 1_500, hasFaults: false }), [6]));

const NOWHERE = { DON_REDIS_URL: undefined, DON_QUESTDB_URL: undefined, DON_QUESTDB_PG_URL: undefined };
const features = (args: readonly string[], urls: Readonly<Record<string, string>>) =>
  runDon(['features', ...args], { home: join(folder, 'home'), env: { ...NOWHERE, ...urls } });

const SERVERS = { DON_REDIS_URL: redisUrl, DON_QUESTDB_URL: questdbUrl, DON_QUESTDB_PG_URL: questdbPgUrl };
const leaking = join(REPOSITORY, 'test/services/features/custom/fixtures/leaks-when-dear.ts');

test('list and show know the custom features that run, and those that do not with the reason', async () => {
  const { description } = await checkFeature(file);
  const running = { file: 'spread.ts', state: 'running', reason: null, ...description, rows: 7 };
  const off = { file: 'broken.ts', state: 'refused', reason: 'types: no', feature: null, set: null, rows: 0 };
  try {
    await lastingStatus(redis, 'features', { features: [running, off] });
    const list = await features(['list'], SERVERS);
    assert.match(list.stdout, new RegExp(`\n${NAME} +spread\\.ts +running +custom_${NAME}-v1 +7`));
    assert.match(list.stdout, /\n– +broken\.ts +refused +– +0 +types: no/);
    const { items, custom } = JSON.parse((await features(['list', '--json'], SERVERS)).stdout);
    assert.ok(items.length > 80);
    assert.equal(custom, [running, off]);
    const show = await features(['show', NAME], SERVERS);
    assert.match(show.stdout, `Spread of the best prices (${NAME})`);
    assert.match(show.stdout, /ask less bid/);
    const near = await features(['show', `${NAME}x`], SERVERS);
    assert.is(near.status, 2);
    assert.match(near.stderr, `did you mean ${NAME}?`);
  } finally {
    await redis.del(statusKey('features'));
  }
});

test('without servers list starts none, and lists the catalogue', async () => {
  for (const urls of [{}, { DON_REDIS_URL: 'redis://127.0.0.1:1' }]) {
    const { status, stdout, stderr } = await features(['list', '--json'], urls);
    assert.is(status, 0, stderr);
    const { items, custom } = JSON.parse(stdout);
    assert.ok(items.length > 80);
    assert.equal(custom, []);
    assert.is(stderr, '');
  }
});

test('check tries a feature on what is recorded, and says what that was', async () => {
  const sound = await features(['check', file, '--instrument', instrument], SERVERS);
  assert.is(sound.status, 0, sound.stdout + sound.stderr);
  assert.match(
    sound.stdout,
    new RegExp(`Tried on live of ${instrument} from 2024-.*Z to 2024-.*Z too: 1,500 events, \\d+ rows`),
  );
  const leak = await features(['check', leaking, '--instrument', instrument, '--recording', 'nothing'], SERVERS);
  assert.is(leak.status, 2);
  assert.match(leak.stderr, /--recording: .* has no recording "nothing"; it has live/);
});

test('backfill takes the file of a custom feature', async () => {
  const done = await features(['backfill', '--feature', file, '--instrument', instrument, '--json'], SERVERS);
  assert.is(done.status, 0, done.stderr);
  const [report] = JSON.parse(done.stdout).items;
  assert.equal([report.set, report.recording, report.events], [`custom_${NAME}-v1`, 'live', 1_500]);
  const query = `SELECT count() n, min(${NAME}) least FROM features_custom_${NAME}_v1 WHERE symbol = '${instrument}'`;
  const [row] = await questdbRows(questdbUrl, query);
  assert.is(row!['n'], report.rows);
  assert.ok(report.rows > 300 && Number(row!['least']) > 0);

  const fixture = join(REPOSITORY, 'test/services/features/custom/fixtures/asks-the-clock.ts');
  const refused = await features(['backfill', '--feature', fixture, '--instrument', instrument], SERVERS);
  assert.is(refused.status, 1);
  assert.match(refused.stderr, /throws: Error: Date\.now was called/);
  const both = await features(['backfill', 'book-v1', '--feature', file, '--instrument', instrument], SERVERS);
  assert.is(both.status, 2);
  assert.match(both.stderr, /--feature: expected it in place of SET, found book-v1 too/);
});

test('ends', async () => {
  await questdbRows(questdbUrl, `DROP TABLE IF EXISTS features_custom_${NAME}_v1`).catch(() => {});
  await redis.quit();
});

test.run();
