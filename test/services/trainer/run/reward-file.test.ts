import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { barTraining } from '../../../../services/trainer/run/bar-training.ts';
import { loadRewardFile, type RewardFile } from '../../../../services/trainer/run/reward-file.ts';
import { runOf } from '../../../../services/trainer/run/run-identity.ts';
import { TEST_BACKEND } from '../../../support/test-backend.ts';
import { madeRun, performMade, runMade } from './made-run.ts';

const test = suite('services/trainer/run/reward-file');
const folder = mkdtempSync(join(tmpdir(), 'don-reward-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let files = 0;
/** @param next how a reward is reckoned, of `last`, `equity`, `count` and `p`, the parameters */
function rewardFile(next: string, reset = 'last = equity'): string {
  const path = join(folder, `own-${files++}.ts`);
  const create = `(p) => { let last = 1, count = 0; return { reset(equity) { ${reset} }, next(equity) { count++; const value = ${next}; last = equity; return value; } }; }`;
  const declared = `defineReward({ name: 'own', parameters: { scale: realNumber('', { default: 1, least: 0, most: 100, says: 'factor' }) }, create: ${create} })`;
  writeFileSync(path, `import { defineReward, realNumber } from 'don/reward'; export default ${declared};\n`);
  return path;
}

const withReward = ({ data, part }: ReturnType<typeof madeRun>, ownReward: RewardFile) => ({
  training: barTraining({ ...data, ownReward }),
  part,
});

test('a reward of a file trains as the same one of Don does, in threads of its own', async () => {
  const file = rewardFile('p.scale * Math.log(equity / last)');
  const tiny = { ppo: { totalSteps: 640, stepsPerUpdate: 32, batchSize: 32, epochs: 2, hiddenSizes: [8] } };
  const runData = madeRun({ ...tiny, reward: { file } });
  const ownReward = await loadRewardFile(file);
  const own = await performMade(withReward(runData, ownReward), join(folder, 'own'), { workers: 2 });
  const named = await runMade(join(folder, 'named'), { ...tiny, reward: { name: 'log-return' } });
  assert.equal(own.rewardHash, ownReward.hash);
  for (const [n, seed] of own.seeds.entries()) {
    const { model: _, ...same } = named.seeds[n]!;
    assert.equal({ ...seed, model: undefined }, { ...same, model: undefined });
  }
  const scaled = await loadRewardFile(file, { scale: 2 });
  const rewards = [ownReward, scaled].map(({ create }) => {
    const reward = create();
    reward.reset(100, 1);
    return reward.next(101, 0, 1, 0);
  });
  assert.is(rewards[1], 2 * rewards[0]!);
});

test('what is in the file decides on the id of the run', async () => {
  const runData = madeRun({ reward: { file: 'own.ts' } });
  const idOf = async (next: string): Promise<string> => {
    const ownReward = await loadRewardFile(rewardFile(next));
    return runOf(withReward(runData, ownReward), TEST_BACKEND, 'test').id;
  };
  const ids = [await idOf('equity - last'), await idOf('equity - last '), await idOf('equity - last')];
  assert.is(ids[0], ids[2]);
  assert.is.not(ids[0], ids[1]);
});

for (const [what, path, expected] of [
  [
    'a number that is not finite',
    rewardFile('equity > 10_100 ? 1 / 0 : 0'),
    /own-.*expected finite numbers, found Infinity/,
  ],
  ['no number', rewardFile('String(equity)'), /expected finite numbers, found 10/],
  ['chance', rewardFile('Math.random()'), /expected the same rewards of the same steps, found .* at step 1/],
  [
    'what outlives a reset',
    rewardFile('count'),
    /expected the same rewards of the same steps, found 1 and 501 at step 1/,
  ],
  ['what throws', rewardFile('nothing.there'), /own-.*nothing is not defined/],
  ['a file that is not there', join(folder, 'none.ts'), /reward\/file: expected a file, found nothing at /],
] as const)
  test(`${what} is refused by the file's name`, async () => {
    const error: unknown = await loadRewardFile(path).catch((thrown: unknown) => thrown);
    assert.instance(error, Error);
    assert.match((error as Error).message, expected);
  });

test('a file without a reward, and a parameter that it does not have, are refused', async () => {
  const empty = join(folder, 'empty.ts');
  writeFileSync(empty, 'export const reward = 1;\n');
  const refused = async (file: string, parameters?: Record<string, number>): Promise<string> =>
    loadRewardFile(file, parameters).then(
      () => '',
      ({ message }: Error) => message,
    );
  assert.match(
    await refused(empty),
    /empty.ts: expected export default defineReward.* of 'don\/reward', found nothing/,
  );
  assert.match(await refused(rewardFile('0'), { sclae: 1 }), /sclae/);
});

test.run();
