// time limit: 120 s
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../../infra/redis.ts';
import type { BookRunReport } from '../../../../services/trainer/book/book-report.ts';
import { entriesOf } from '../../../pipelines/derive.ts';
import { madeMarket } from '../../../pipelines/made-market.ts';
import { runDon } from '../../../support/run-don.ts';
import { testInstrument, testServers } from '../../../support/servers.ts';
import { appendEntries } from '../../api/append-events.ts';
import { QUOTING } from './made-book-run.ts';

const test = suite('services/trainer/book/train-on-book');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-train-book-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const instrument = testInstrument();
await appendEntries(
  redis,
  instrument,
  entriesOf(madeMarket({ seed: 4, events: 2_500, snapshotEvery: 400, hasFaults: false }), [5]),
);
redis.disconnect();

const home = join(folder, 'home');
const CONFIG = {
  environment: 'book',
  instrument,
  levels: 3,
  episodeSteps: 60,
  environments: 2,
  balance: 1_000_000,
  seeds: [1],
  ppo: { totalSteps: 256, stepsPerUpdate: 16, batchSize: 32, epochs: 1, hiddenSizes: [8] },
  ...QUOTING,
};
const train = (config: object, ...args: string[]) => {
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  return runDon(['train', 'config.json', ...args], { home, cwd: folder, env: { DON_REDIS_URL: redisUrl } });
};

test('a config on the book is trained on the recorded book, and told as text and as JSON', async () => {
  const asJson = await train(CONFIG, '--json');
  assert.is(asJson.status, 0, asJson.stderr);
  const report = JSON.parse(asJson.stdout) as BookRunReport;
  assert.equal([report.config.instrument, report.recording, report.seeds[0]!.steps], [instrument, 'live', 256]);
  assert.equal(JSON.parse(readFileSync(join(home, 'runs', report.id, 'report.json'), 'utf8')), report);
  assert.is(JSON.parse(readFileSync(join(home, 'runs', report.id, 'config.json'), 'utf8')).test.toMs, report.test.toMs);
  const asText = await train(CONFIG);
  assert.is(asText.status, 0, asText.stderr);
  for (const said of [report.id, report.verdict, 'market maker']) assert.ok(asText.stdout.includes(said), said);
});

test('what cannot be is refused by name, and --show only shows', async () => {
  const shown = await train(CONFIG, '--show', '--steps', '32');
  assert.equal([JSON.parse(shown.stdout).queue, JSON.parse(shown.stdout).ppo.totalSteps], ['risk-averse', 32]);
  for (const [args, more, expected] of [
    [['--detach'], {}, /--detach: expected a config on candles, found one on the book/],
    [[], { latncy: '5,5' }, /latncy: expected one of .*did you mean latency\?/],
    [[], { recording: '0123456789ab' }, /--recording: .* has no recording "0123456789ab"/],
  ] as const) {
    const refused = await train({ ...CONFIG, ...more }, ...args);
    assert.is(refused.status, 2, refused.stderr);
    assert.match(refused.stderr, expected);
  }
});

test.run();
