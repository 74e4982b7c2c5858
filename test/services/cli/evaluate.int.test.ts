import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EvaluationReport } from '../../../services/trainer/evaluate/evaluation-report.ts';
import { runDon } from '../../support/run-don.ts';
import { testServers } from '../../support/servers.ts';
import { instrument, redisUrl, withCandles } from '../backtest/candle-recordings.ts';

const test = suite('services/cli/evaluate');
const { postgresUrl } = await testServers('postgres');
const folder = mkdtempSync(join(tmpdir(), 'don-evaluate-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const DON = {
  home: join(folder, 'home'),
  cwd: folder,
  env: { DON_REDIS_URL: redisUrl, DON_POSTGRES_URL: postgresUrl },
};
const STUDY = { vary: { gamma: { from: 0.9, to: 0.99 } } };
const evaluate = (...args: string[]) => runDon(['evaluate', ...args], DON);

test('a config comes to a verdict, the same each time, which is kept; what is wrong in a flag is named', () =>
  withCandles(async ({ candles: recording }) => {
    const config = {
      instrument,
      recording,
      interval: '5m',
      features: ['rsi', { feature: 'rate_of_change', parameters: { period: 3 } }],
      episodeSteps: 50,
      environments: 2,
      seeds: [1, 2],
      ppo: { totalSteps: 256, stepsPerUpdate: 64, batchSize: 32, epochs: 2 },
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const [one, other] = [
      await evaluate('config.json', '--folds', '2', '--embargo', '1h', '--tried', '2', '--json'),
      await evaluate('config.json', '--folds', '2', '--embargo', '1h', '--tried', '2', '--json'),
    ];
    assert.is(one.status, 0, one.stderr);
    assert.is(one.stdout, other.stdout);
    const { verdict, folds, embargoMs, walkForward, leakage }: EvaluationReport = JSON.parse(one.stdout);
    assert.match(verdict, /^No edge was found: no better than flat, /);
    assert.equal([folds.length, embargoMs, walkForward.luck.counted.trials], [2, 3_600_000, 6]);
    assert.equal(leakage.foreknown, []);
    const [kept] = readdirSync(join(folder, 'home', 'evaluations'));
    assert.equal(readdirSync(join(folder, 'home', 'evaluations', kept!)).sort(), ['config.json', 'report.json']);
    const text = await evaluate('config.json', '--folds', '1', '--seeds', '1', '--steps', '128');
    assert.match(text.stdout, /\nNo edge was found: .*\n[\s\S]*WALK-FORWARD, OUT OF SAMPLE: 1 fold,/);
    assert.match(text.stdout, /\nTEST SPAN, LOOKED AT BEFORE: /, 'by the two before, with more steps');
    assert.match(
      text.stdout,
      /\nTest span: .*Counted as trials: 1 judged now; 2 others in 2 evaluations that looked at it before\./,
    );
    assert.match(text.stdout, /\nAmounts in USDT; Sharpe ratios of a year\.\n/);
    assert.match(text.stdout, /\n\nKept in .*evaluations.*: config\.json and report\.json\n$/);
    assert.match(text.stdout, /\nNo funding is recorded for these candles, and so none is paid/);
    writeFileSync(join(folder, 'study.json'), JSON.stringify({ ...config, earlyStopping: {}, study: STUDY }));
    const study = await evaluate('study.json');
    assert.match(study.stderr, /study\.json, study: expected none, since settings are judged/);
    for (const [flags, expected] of [
      [['--folds', '99'], /^don: --folds: expected a whole number from 1 to 15, found 99$/],
      [['--embargo', 'long'], /^don: --embargo: expected a length of time such as 30d, .*, found long$/],
      [['other.json'], /^don: don evaluate: expected one CONFIG.json or MODEL, found config.json other.json$/],
    ] as const) {
      const refused = await evaluate('config.json', ...flags);
      assert.is(refused.status, 2, refused.stderr);
      assert.match(refused.stderr.trim().split('\n').at(-1)!, expected);
    }
  }));

test.run();
