// time limit: 120 s
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TrainReport } from '../../../services/trainer/run/train-run.ts';
import { runDon } from '../../support/run-don.ts';
import { instrument, redisUrl, withCandles } from '../backtest/candle-recordings.ts';

const test = suite('services/cli/train');
const folder = mkdtempSync(join(tmpdir(), 'don-train-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const DON = { home: join(folder, 'home'), cwd: folder, env: { DON_REDIS_URL: redisUrl } };
const train = (...args: string[]) => runDon(['train', ...args], DON);

test('a config comes to a report, the same each time, with a checkpoint a seed; what is wrong in it is named', () =>
  withCandles(async ({ candles: recording }) => {
    const config = {
      instrument,
      recording,
      interval: '5m',
      features: ['rsi', { feature: 'rate_of_change', parameters: { period: 3 } }],
      episodeSteps: 50,
      environments: 2,
      seeds: [7],
      ppo: { totalSteps: 256, stepsPerUpdate: 64, batchSize: 32, epochs: 2 },
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const [one, other] = [await train('config.json', '--json'), await train('config.json', '--json')];
    assert.is(one.status, 0, one.stderr);
    const outcome = ({ stdout }: { stdout: string }) => {
      const { runs, baselines }: TrainReport = JSON.parse(stdout);
      return { baselines, runs: runs.map(({ seconds: _, ...run }) => run) };
    };
    assert.equal(outcome(one), outcome(other));
    assert.equal(
      outcome(one).baselines.map(({ name }) => name),
      ['flat', 'holding', 'random', 'trend'],
    );
    const [run] = readdirSync(join(folder, 'home', 'runs')).sort();
    const kept = readdirSync(join(folder, 'home', 'runs', run!)).sort();
    assert.equal(kept, ['config.json', 'report.json', 'seed-7.checkpoint']);
    assert.is(JSON.parse(readFileSync(join(folder, 'home', 'runs', run!, 'config.json'), 'utf8')).ppo.gamma, 0.99);
    const text = await train('config.json', '--seeds', '1,2', '--steps', '128');
    assert.match(text.stdout, /Out of sample: .*\n\nTEST SPAN, WHICH NOTHING WAS LEARNED OF/);

    for (const [wrong, expected] of [
      [{ rewrd: 1 }, /^don: rewrd: expected one of .*did you mean reward\?$/],
      [{ interval: '7m' }, /^don: interval: expected one of .*5m.*, found "7m"$/],
      [{ features: ['spread'] }, /^don: .*spread/],
    ] as const) {
      writeFileSync(join(folder, 'wrong.json'), JSON.stringify({ ...config, ...wrong }));
      const refused = await train('wrong.json');
      assert.is(refused.status, 2, refused.stderr);
      assert.match(refused.stderr.trim().split('\n').at(-1)!, expected);
    }
  }));

test.run();
