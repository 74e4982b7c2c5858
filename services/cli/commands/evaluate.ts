import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../../../infra/setup-error.ts';
import { durationMs, EXPECTED_DURATION } from '../../optimise/duration.ts';
import { openBackend } from '../../trainer/backend/backend.ts';
import { evaluateConfig } from '../../trainer/evaluate/evaluate.ts';
import { evaluationText } from '../../trainer/evaluate/evaluation-text.ts';
import { command } from '../command.ts';
import { createProgressDisplay } from '../progress.ts';
import { readTrainConfig, readTrainData, TRAIN_CONFIG_OPTIONS } from '../train-data.ts';

const USUAL_FOLDS = 4;
/** More would be cut into test spans of a few periods each. */
const FOLDS_MAX = 15;

export default command({
  usage: ['evaluate CONFIG.json [--folds N] [--purge L] [--embargo L] [--tried N] [--steps N] [--seeds 1,2,3]'],
  description: `Says whether what a training config comes to is worth anything: trains an agent for each seed on each fold of a walk-forward,
with purge and embargo, and at last once for a test span that nothing else has touched. Each is judged with and without costs beside
flat, holding, its own decisions at other times and a simple rule, with features that come late, and where the market is shuffled.
It trains seeds × (folds + 2) times. What the figures mean is in docs/training.md.`,
  examples: [
    'don evaluate docs/examples/btc-5m.json',
    'don evaluate config.json --folds 6 --embargo 1d --seeds 1,2,3,4,5 --json',
  ],
  options: {
    folds: {
      type: 'string',
      value: 'N',
      help: `of the walk-forward, 1 to ${FOLDS_MAX}; ${USUAL_FOLDS} where not said`,
    },
    purge: {
      type: 'string',
      value: 'L',
      help: 'left out between training and test; the warm-up of features and a candle',
    },
    embargo: { type: 'string', value: 'L', help: 'left out besides; a hundredth of the training span where not said' },
    tried: { type: 'string', value: 'N', help: 'configs that were looked at on these data, this one included; 1' },
    ...TRAIN_CONFIG_OPTIONS,
  },
  async run({ positionals, values, json, print, config: { home }, signal, servers }) {
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0)
      throw new BadInput(`don evaluate: expected one CONFIG.json, found ${positionals.join(' ') || 'none'}`);
    const options = {
      folds: wholeOf('--folds', values.folds, USUAL_FOLDS, FOLDS_MAX),
      tried: wholeOf('--tried', values.tried, 1, Number.MAX_SAFE_INTEGER),
      purgeMs: lengthOf('--purge', values.purge),
      embargoMs: lengthOf('--embargo', values.embargo),
    };
    const config = readTrainConfig(file, values);
    const { redisUrl } = await servers('redis');
    const data = await readTrainData(config, redisUrl, join(home, 'tapes'));
    const backend = await openBackend();
    const folder = join(home, 'evaluations', new Date().toISOString().replace(/[:.]/g, '-'));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    const display = createProgressDisplay(process.stderr);
    const report = await evaluateConfig(data, backend, {
      ...options,
      signal,
      onProgress: ({ done, of, what }) => display.update({ what, share: done / of, done, unit: 'trainings' }),
    });
    display.end();
    await writeFile(join(folder, 'report.json'), `${JSON.stringify(report)}\n`);
    print(json ? JSON.stringify(report) : evaluationText(data, report));
    return 0;
  },
});

function wholeOf(flag: string, said: string | undefined, usual: number, most: number): number {
  const value = said === undefined ? usual : Number(said);
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? 'from 1' : `from 1 to ${most}`;
  throw new BadInput(`${flag}: expected a whole number ${range}, found ${said}`);
}

function lengthOf(flag: string, said: string | undefined): number | undefined {
  const ms = said === undefined ? undefined : durationMs(said);
  if (said !== undefined && ms === undefined)
    throw new BadInput(`${flag}: expected ${EXPECTED_DURATION}, found ${said}`);
  return ms;
}
