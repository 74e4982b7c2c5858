import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../infra/home.ts';
import { connectRedis } from '../../../infra/redis.ts';
import type { StudyReport } from '../../../services/optimise/report/study-report.ts';
import { runDon } from '../../support/run-don.ts';
import { testServers } from '../../support/servers.ts';
import { declared, recordMarket } from '../optimise/recorded-study.ts';

const test = suite('services/cli/optimise');
const { redisUrl, questdbUrl, questdbPgUrl } = await testServers('redis', 'questdb');
const redis = await connectRedis(redisUrl);
const instrument = await recordMarket(redis);
const folder = mkdtempSync(join(tmpdir(), 'don-optimise-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const DON = {
  home: join(folder, 'home'),
  cwd: folder,
  env: { DON_REDIS_URL: redisUrl, DON_QUESTDB_URL: questdbUrl, DON_QUESTDB_PG_URL: questdbPgUrl },
};
const optimise = (...args: string[]) => runDon(['optimise', ...args], DON);

const STUDY = { ...declared(instrument), trials: 8, workers: 2 };
const FLAGS = [
  'moving-average-cross',
  ...['--instrument', instrument, '--vary', 'fast=2:8', '--vary', 'slow=4:20:2', '--set', 'barMs=20000'],
  ...['--trials', '8', '--objective', 'return,max-drawdown', '--train', '1h', '--test', '30m', '--embargo', '5m'],
];

test('as a job: what flags and a file say is one study; JSON, page and text are of it', async () => {
  writeFileSync(join(folder, 'study.json'), JSON.stringify({ ...STUDY, trials: 30 }));
  const page = join(folder, 'page.html');
  const out = join(folder, 'out.json');
  const ofFlags = await optimise(...FLAGS, '--json', '--out', out, '--report', page);
  assert.is(ofFlags.status, 0, ofFlags.stderr);
  const ofFile = await optimise('study.json', '--trials', '8', '--json');
  assert.is(ofFile.stdout, ofFlags.stdout, ofFile.stderr);
  assert.is(readFileSync(out, 'utf8'), ofFlags.stdout);
  const report: StudyReport = JSON.parse(ofFlags.stdout);
  assert.equal([report.settings.strategy, report.result.spans.length], ['moving-average-cross', 3]);
  assert.match(readFileSync(page, 'utf8'), new RegExp(`study <code>${report.id}</code>`));
});

test('a strategy of a file runs here, and says the same figures in words', async () => {
  const source = join(REPOSITORY, 'pipelines/strategies/moving-average-cross.ts');
  writeFileSync(join(folder, 'own.ts'), `export { MOVING_AVERAGE_CROSS as default } from ${JSON.stringify(source)};`);
  const { status, stdout, stderr } = await optimise('own.ts', ...FLAGS.slice(1), '--workers', '1');
  assert.is(status, 0, stderr);
  assert.match(
    stdout,
    /^moving-average-cross on .*: tpe search of fast 2 to 8, slow 4 to 20\n3 windows of at most 8 trials/,
  );
  const [result = '', rest = ''] = stdout.split('In-sample: ');
  assert.match(result, /\nOUT OF SAMPLE, 2024-08-09 \d\d:\d\d:\d\d to .*\nRESULT +95 % INTERVAL\nreturn +\S+ %/);
  assert.match(rest, /^of the spans that the parameters were chosen on, and so no result/);
});

test('bad use is refused by the name of the flag, or of the file and its field', async () => {
  const refused = async (...args: string[]): Promise<string> => {
    const { status, stderr } = await optimise(...args);
    assert.is(status, 2, stderr);
    return stderr;
  };
  const [name = '', ...others] = FLAGS;
  assert.match(await refused(), /expected one STRATEGY or STUDY, found none/);
  assert.match(await refused(name, ...others, '--search', 'tpee'), /--search: expected one of .*did you mean tpe\?/);
  assert.match(
    await refused(name, ...others, '--vary', 'qyt=1:2'),
    /--vary qyt: expected a parameter .*did you mean qty\?/,
  );
  assert.match(
    await refused(name, ...others, '--train', '9d'),
    /one training span of 9 d .* Without a test span there is no result/,
  );
  writeFileSync(join(folder, 'bad.json'), JSON.stringify({ ...STUDY, serach: 'tpe' }));
  assert.match(await refused('bad.json'), /bad.json, serach: expected only .*did you mean search\?/);
});

test('ends', async () => {
  await redis.quit();
});

test.run();
