import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkSpec, readStudyFile } from '../../../services/optimise/read-spec.ts';
import { studySpace } from '../../../services/optimise/study-space.ts';
import { declared } from './recorded-study.ts';

const test = suite('services/optimise/read-spec');
const folder = mkdtempSync(join(tmpdir(), 'don-specs-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const GOOD = declared('simulated:BTCUSDT');

const refusal = (changes: object): Promise<string> =>
  checkSpec({ ...GOOD, ...changes }, (field) => `study, ${field}`).then(
    () => 'nothing was refused',
    (error: Error) => `${error.name} ${error.message}`,
  );

test('what is not said has its default, and ranges are in the order of the strategy', async () => {
  const { vary } = { vary: { slow: { from: 4, to: 20, step: 2 }, fast: { from: 2, to: 8 } } };
  const { spec, strategy } = await checkSpec({ strategy: GOOD.strategy, instrument: GOOD.instrument, vary }, String);
  assert.equal([spec.search, spec.trials, spec.objectives, spec.seed, spec.embargo], ['tpe', 100, ['sharpe'], 1, '0s']);
  assert.equal(
    studySpace(strategy.definition, spec.vary).map(({ name, step }) => [name, step]),
    [
      ['fast', 1],
      ['slow', 2],
    ],
  );
});

for (const [what, changes, expected] of [
  [
    'an unknown field',
    { trails: 5 },
    /^BadInput study, trails: expected only strategy, .*\(did you mean trials\?\), found trails$/,
  ],
  [
    'an unknown field of a range',
    { vary: { fast: { from: 1, too: 4 } } },
    /study, vary\/fast\/to: expected a number, found nothing/,
  ],
  ['an unknown strategy', { strategy: 'gird' }, /expected one of .*found gird; did you mean grid\?/],
  [
    'an unknown parameter',
    { vary: { fsat: { from: 2, to: 4 } } },
    /vary\/fsat: expected a parameter among barMs, fast, slow, qty \(did you mean fast\?\), found fsat/,
  ],
  [
    'an unknown parameter that is set',
    { set: { sloww: 1 } },
    /set\/sloww: expected .*\(did you mean slow\?\), found sloww/,
  ],
  [
    'a range out of its limits',
    { vary: { slow: { from: 1, to: 4 } } },
    /vary\/slow\/from: expected a whole number of bars from 2 to 1000000, found 1/,
  ],
  [
    'a part of a whole number',
    { vary: { fast: { from: 2.5, to: 4 } } },
    /vary\/fast\/from: expected a whole number .*, found 2.5/,
  ],
  [
    'a step that is none',
    { vary: { fast: { from: 2, to: 4, step: 0.5 } } },
    /vary\/fast\/step: expected a whole number, found 0.5/,
  ],
  [
    'ends that are turned about',
    { vary: { fast: { from: 9, to: 4 } } },
    /vary\/fast\/to: expected 9 or more, as from is, found 4/,
  ],
  [
    'nothing that is varied',
    { vary: {} },
    /vary: expected ranges of parameters among barMs, fast, slow, qty, found none/,
  ],
  ['one that is set and varied', { set: { fast: 3 } }, /set\/fast: expected none, since it is varied, found 3/],
  [
    'an unknown search',
    { search: 'cmaes' },
    /search: expected one of grid, random, tpe, cma-es \(did you mean cma-es\?\), found cmaes/,
  ],
  [
    'an unknown objective',
    { objectives: ['sharp'] },
    /objectives\/0: expected one of sharpe, .*\(did you mean sharpe\?\), found sharp/,
  ],
  ['no objective', { objectives: [] }, /objectives: expected at least one of sharpe/],
  ['no trials', { trials: 0 }, /trials: expected a whole number from 1 to 100000, found 0/],
  [
    'a length that is none',
    { train: '30 days' },
    /train: expected a length of time such as 30d, 12h, 90m, 45s, found 30 days/,
  ],
  [
    'a time that is none',
    { from: 'yesterday' },
    /from: expected a time in µs since the epoch, or as text .*, found yesterday/,
  ],
  [
    'a latency that is none',
    { latency: '5' },
    /latency: expected MS,MS or MS,MS,σ such as 5,5 or 5,5,0.5, .*, found 5/,
  ],
  [
    'a limit that there is none of',
    { limits: { maxPositon: 1 } },
    /limits\/maxPositon: expected only maxPosition, .*\(did you mean maxPosition\?\), found maxPositon/,
  ],
  [
    'a limit below 0',
    { limits: { maxPosition: -1 } },
    /limits\/maxPosition: expected a number from 0, or off, found -1/,
  ],
  [
    'a grid of too many points',
    { search: 'grid', trials: 20 },
    /trials: expected at most 20 points \(trials\), found 63; allow more trials/,
  ],
] as const)
  test(`${what} is refused by name`, async () => {
    assert.match(await refusal(changes), expected);
  });

test('a file declares a study, or is of a strategy', async () => {
  const json = join(folder, 'study.json');
  writeFileSync(json, JSON.stringify({ ...GOOD, strategy: 'own.ts' }));
  assert.is((await readStudyFile(json))!['strategy'], join(folder, 'own.ts'));
  const module = join(folder, 'study.ts');
  writeFileSync(module, `export default ${JSON.stringify(GOOD)}`);
  assert.equal(await readStudyFile(module), GOOD);
  const strategy = join(folder, 'own.ts');
  writeFileSync(strategy, 'export default { name: "own", create() {} }');
  assert.is(await readStudyFile(strategy), undefined);
});

test('a file that is no study is named', async () => {
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{"strategy": ');
  const failure = (file: string) => readStudyFile(file).catch((error: Error) => error.message);
  assert.match(String(await failure(broken)), /broken.json: expected a study, found .*JSON/);
  writeFileSync(broken, '[]');
  assert.match(String(await failure(broken)), /expected an object with strategy, instrument and vary, found \[\]/);
});

test.run();
