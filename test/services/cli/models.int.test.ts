import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeModel } from '../../../services/trainer/model/model.ts';
import { modelPath } from '../../../services/trainer/model/model-folder.ts';
import { runDon } from '../../support/run-don.ts';
import { forwardTest, goodModel, home, pool, postgresUrl } from '../trainer/registry/registry-rig.ts';

const test = suite('services/cli/models');
const folder = join(home, 'work');
mkdirSync(folder);
const don = (...args: string[]) =>
  runDon(['models', ...args], { home, cwd: folder, env: { DON_POSTGRES_URL: postgresUrl } });
const told = ({ stderr }: { stderr: string }) => stderr.trim().split('\n').at(-1)!;

test('a model goes from a file to paper and back, and what was done is told', async () => {
  assert.match((await don('list')).stdout, /^No model is registered: don train/);
  const ids: string[] = [];
  for (const seed of [1, 2]) {
    writeFileSync(join(folder, 'model.json'), encodeModel(goodModel(seed, {}, seed)));
    const imported = await don('import', 'model.json', '--name', 'trend', '--json');
    assert.is(imported.status, 0, imported.stderr);
    const { id, name, number, new: isNew } = JSON.parse(imported.stdout);
    assert.equal([name, number, isNew], ['trend', seed, true]);
    ids.push(id);
  }
  assert.match(
    (await don('import', 'model.json')).stdout,
    /^trend:v2 \([0-9a-f]{16}\) was registered already; it is candidate\.$/m,
  );
  assert.ok(readdirSync(join(modelPath(home, 'x'), '..')).includes(`${ids[1]}.json`), 'its file is in the home');

  const which = await don('promote', 'trend', '--why', 'x');
  assert.is(which.status, 2);
  assert.is(
    told(which),
    'don: model: expected which one of trend: trend:v2 (candidate), trend:v1 (candidate); found trend',
  );
  assert.match(
    (await don('promote', 'trend:v1', '--why', 'first')).stdout,
    /^trend:v1 \([0-9a-f]{16}\) is on paper\.$/m,
  );
  assert.match((await don('promote', 'trend:v2', '--why', 'newer')).stdout, /is on paper; trend:v1 is archived\.$/m);
  const listed = JSON.parse((await don('list', '--stage', 'paper', '--json')).stdout);
  assert.equal(
    listed.items.map((item: { id: string; strategy: string }) => [item.id, item.strategy]),
    [[ids[1], `model:${ids[1]}`]],
  );
  assert.is(
    (await don('list', '--stage', 'live')).stdout,
    'No model in stage live is registered: don models list shows all.\n',
  );
  assert.is((await don('list', '--name', 'tr')).stdout, 'No model of tr is registered: don models list shows all.\n');
  const lines = (await don('list')).stdout.split('\n');
  assert.match(lines[0]!, /^ID +MODEL +STAGE +OF +SEED +TESTED +SHARPE +95 % +REGISTERED$/);
  assert.match(lines[1]!, /trend:v2 +paper +simulated:BTCUSDT 1s +2 +10\.00 % +2\.00 +0\.50 to 3\.50/);

  const refused = await don('promote', 'trend@paper', '--why', 'x');
  assert.is(refused.status, 1);
  assert.match(told(refused), /^don: trend:v2 stays as it is, for it breaks rules of live: forward-test: expected/);
  writeFileSync(join(folder, 'forward.json'), JSON.stringify(forwardTest({ id: ids[1]! }, { decisions: 5 })));
  const few = await don('promote', 'trend@paper', '--why', 'x', '--evaluation', 'forward.json');
  assert.match(told(few), /forward-decisions: expected at least 100 decisions recomputed from the log, found 5/);
  const forced = await don('promote', 'trend@paper', '--why', 'a try', '--evaluation', 'forward.json', '--force');
  assert.is(forced.status, 0, forced.stderr);
  const shown = (await don('show', 'trend')).stdout;
  assert.match(shown, /^stage +live$/m);
  assert.match(
    shown,
    /promote +paper → live .* a try; 1 session of trend, 7 d traded of 7 d, 5 decisions verified; FORCED against .*forward-decisions/,
  );
  assert.match(shown, /^seed 1 +10\.00 %[\s\S]*\nflat +0\.00 %/m);
  const { history } = JSON.parse((await don('show', 'trend', '--json')).stdout);
  assert.equal(
    history.map(({ kind }: { kind: string }) => kind),
    ['register', 'promote', 'promote'],
  );
  assert.ok(history.every(({ who, time }: { who: string; time: number }) => who.length > 0 && time > 1.7e15));

  assert.match((await don('demote', 'trend:v2', '--why', 'drift')).stdout, /^trend:v2 .* is archived\.$/m);
  assert.match((await don('rollback', 'trend', '--stage', 'paper')).stdout, /^trend:v1 \(.*\) is on paper\.$/m);
  const none = await don('rollback', 'trend');
  assert.is(none.status, 2);
  assert.is(told(none), 'don: name: expected a model of trend that was live before, found none');

  const exported = JSON.parse((await don('export', 'trend:v1', '--out', 'exported', '--json')).stdout);
  assert.equal(readdirSync(join(folder, 'exported')).sort(), [...exported.files].sort());
});

test('what is wrong is named, with what was expected and what is near', async () => {
  writeFileSync(join(folder, 'bad.json'), '{');
  writeFileSync(join(folder, 'odd.json'), '{"format":1}');
  const cases = [
    [
      ['promot', 'x'],
      'don: don models: expected list, show, promote, demote, rollback, export, import, found promot; did you mean promote?',
    ],
    [['promote', 'trend:v1'], 'don: --why: expected a reason, found nothing'],
    [
      ['promote', 'trend:v1', '--why', 'x', '--to', 'lve'],
      'don: --to: expected paper, live, found lve; did you mean live?',
    ],
    [
      ['show', 'trnd'],
      'don: model: expected an id of don models list or its first digits, NAME, NAME:v3, or NAME@live, @paper or @candidate, found trnd; did you mean trend?',
    ],
    [['show'], 'don: don models show: expected one MODEL, found none'],
    [['list', 'x'], 'don: don models list: expected flags only, found x'],
    [['list', '--why', 'x'], 'don: don models list: expected --name, --stage, found --why'],
    [['export', 'trend'], 'don: --out: expected a new or empty folder, found nothing'],
    [['rollback', 'trnd'], 'don: name: expected one of don models list, found trnd; did you mean trend?'],
    [['import', 'bad.json'], /^don: bad\.json: expected a model as JSON, found/],
    [['import', 'odd.json'], /^don: model [0-9a-f]{16}: expected one that can act, found:/],
    [['import', 'none.json'], /^don: none\.json: expected a file that can be read/],
  ] as const;
  const ran = await Promise.all(cases.map(([args]) => don(...args)));
  for (const [n, [args, expected]] of cases.entries()) {
    const refused = ran[n]!;
    assert.is(refused.status, 2, `${args.join(' ')}: ${refused.stdout}${refused.stderr}`);
    if (typeof expected === 'string') assert.is(told(refused), expected);
    else assert.match(told(refused), expected);
    assert.is(refused.stdout, '');
  }
});

test('ends', () => pool.end());

test.run();
