import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../infra/home.ts';
import { waitUntilApplied } from '../../../infra/questdb/applied.ts';
import { questdbRows } from '../../../infra/questdb.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { runDon } from '../../support/run-don.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { appendEntries } from '../api/append-events.ts';

const test = suite('services/cli/features');

const { redisUrl, questdbUrl, questdbPgUrl } = await testServers('redis', 'questdb');
const folder = mkdtempSync(join(tmpdir(), 'don-features-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const DON = {
  home: join(folder, 'home'),
  cwd: folder,
  env: { DON_REDIS_URL: redisUrl, DON_QUESTDB_URL: questdbUrl, DON_QUESTDB_PG_URL: questdbPgUrl },
};
const features = (...args: string[]) => runDon(['features', ...args], DON);

interface Listed {
  readonly name: string;
  readonly group: string;
  readonly outputs: readonly { readonly unit: string }[];
  readonly warmUp: { readonly count: number };
  readonly source: string;
}

test('list says of each feature its unit, warm-up and source', async () => {
  const { status, stdout } = await features('list');
  assert.is(status, 0);
  assert.match(stdout, /^FEATURE +PARAMETERS +UNIT +WARM-UP +SOURCE/);
  assert.match(stdout, /\nrsi +period 14 bars +percent +15 bars +Wilder \(1978\)/);
  const { items }: { items: Listed[] } = JSON.parse((await features('list', '--json')).stdout);
  assert.ok(items.length >= 80, `${items.length} features`);
  for (const { name, outputs, warmUp, source } of items)
    assert.ok(outputs.every(({ unit }) => unit !== '') && warmUp.count > 0 && source !== '', name);
  const book: { items: Listed[] } = JSON.parse((await features('list', '--group', 'book', '--json')).stdout);
  assert.ok(book.items.length > 5 && book.items.every(({ group }) => group === 'book'));
});

test('show says all of one', async () => {
  const { stdout } = await features('show', 'bollinger');
  for (const part of [
    /Bollinger bands \(bollinger\)/,
    /formula +SMA ± k·σ/,
    /bollinger_percent_b +ratio +any/,
    /deviations +2 +number/,
  ])
    assert.match(stdout, part);
});

test('what is not known is refused, with the nearest that is', async () => {
  for (const [args, message] of [
    [['lst'], /don features: expected list, show, sets, backfill, check, found lst; did you mean list\?/],
    [['show', 'rsy'], /expected a name of don features list, found rsy; did you mean rsi\?/],
    [['show'], /expected one NAME, found none/],
    [['list', '--group', 'volatilty'], /--group: expected trend, .*found volatilty; did you mean volatility\?/],
    [['backfill', 'default', '--instrument', 'simulated:BTCUSDT'], /did you mean default-v1\?/],
    [
      ['backfill', 'flow-v1', '--instrument', 'simulated:BTCUSDT', '--workers', '0'],
      /--workers: expected a whole number from 1 to 64, found 0/,
    ],
    [['check'], /expected at least one FILE, found none/],
    [['check', 'nothing.ts'], /nothing\.ts: expected a module that can be loaded/],
  ] as const) {
    const { status, stderr } = await features(...args);
    assert.is(status, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

test('check exits with 1 where it finds something, and says what', async () => {
  const fixture = (name: string): string => join(REPOSITORY, 'test/services/features/custom/fixtures', `${name}.ts`);
  const sound = await features('check', fixture('close-z-score'));
  assert.is(sound.status, 0, sound.stderr);
  assert.match(sound.stdout, /close_z_score is sound \(\d+ rows/);
  const leaking = await features('check', fixture('centred-window'), '--json');
  assert.is(leaking.status, 1);
  const [report] = JSON.parse(leaking.stdout).items;
  assert.match(JSON.stringify(report.findings), /look-ahead.*depends on the 2 bars after it/);
});

test('backfill fills the table of a set that is not derived always', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  await appendEntries(redis, instrument, entriesOf(madeMarket({ seed: 33, events: 1_500, hasFaults: false }), [6]));
  await redis.quit();
  const { status, stdout, stderr } = await features('backfill', 'book-v1', '--instrument', instrument, '--json');
  assert.is(status, 0, stderr);
  const [report] = JSON.parse(stdout).items;
  assert.ok(report.rows > 500, stdout);
  await waitUntilApplied(questdbUrl);
  const [row] = await questdbRows(
    questdbUrl,
    `SELECT count() n, count(stoikov_microprice) stoikov, min(midprice) least FROM features_book_v1 WHERE symbol = '${instrument}'`,
  );
  assert.is(row!['n'], report.rows);
  assert.ok(Number(row!['least']) > 50_000);
});

test.run();
