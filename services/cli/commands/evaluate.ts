import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../../../infra/setup-error.ts';
import { durationMs, EXPECTED_DURATION } from '../../optimise/duration.ts';
import { openBackend } from '../../trainer/backend/backend.ts';
import { evaluateConfig } from '../../trainer/evaluate/evaluate.ts';
import { evaluationText } from '../../trainer/evaluate/evaluation-text.ts';
import { command } from '../command.ts';
import { evaluateRegistered, looksIn } from '../evaluate-registered.ts';
import { createProgressDisplay } from '../progress.ts';
import { readTrainConfig, readTrainData, TRAIN_CONFIG_OPTIONS } from '../train-data.ts';

const USUAL_FOLDS = 4;
/** More would be cut into test spans of a few periods each. */
const FOLDS_MAX = 15;

export default command({
  usage: [
    'evaluate CONFIG.json [--folds N] [--purge L] [--embargo L] [--tried N] [--steps N] [--seeds 1,2,3]',
    'evaluate MODEL [--from T] [--to T] [--recording R] [--tried N]',
  ],
  description: `Says whether what a training config comes to is worth anything: trains an agent for each seed on each fold of a
walk-forward, with purge and embargo, and at last once for a test span that nothing else has touched. Each is judged
with and without costs beside flat, holding, its own decisions at other times and a simple rule, with features that
come late, and where the market is shuffled. It trains seeds × (folds + 2) times. Of a registered model the same is
said without training, over candles that it has learned nothing of: from the end of its training on where nothing else
is said. Runs and evaluations that looked at the same time before count as trials. What the figures mean is in
docs/training.md.`,
  examples: [
    'don evaluate docs/examples/btc-5m.json',
    'don evaluate simulated-btcusdt-5m@paper --from 2026-01-01',
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
    tried: {
      type: 'string',
      value: 'N',
      help: 'configs looked at on these data that no run or evaluation here has; 0',
    },
    from: { type: 'string', value: 'T', help: 'MODEL: first candle: RFC 3339, or age such as -30d' },
    to: { type: 'string', value: 'T', help: 'MODEL: where it ends' },
    recording: {
      type: 'string',
      value: 'R',
      help: 'MODEL: of the candles; one with candles in the span where not said',
    },
    ...TRAIN_CONFIG_OPTIONS,
  },
  async run(context) {
    const {
      positionals,
      values,
      json,
      print,
      config: { home },
      signal,
      servers,
    } = context;
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0)
      throw new BadInput(`don evaluate: expected one CONFIG.json or MODEL, found ${positionals.join(' ') || 'none'}`);
    const tried = wholeOf('--tried', values.tried, 0, [0, Number.MAX_SAFE_INTEGER]);
    if (!file.endsWith('.json')) {
      const told = await evaluateRegistered(context, file, { ...values, tried });
      print(told);
      return 0;
    }
    const options = {
      folds: wholeOf('--folds', values.folds, USUAL_FOLDS, [1, FOLDS_MAX]),
      tried,
      purgeMs: lengthOf('--purge', values.purge),
      embargoMs: lengthOf('--embargo', values.embargo),
    };
    const config = readTrainConfig(file, values);
    if (config.study !== null)
      throw new BadInput(
        `${file}, study: expected none, since settings are judged and not how they were searched, found one: take those that don train has chosen by it`,
      );
    const { redisUrl, postgresUrl } = await servers('redis', 'postgres');
    const data = await readTrainData(config, redisUrl, join(home, 'tapes'));
    const looks = await looksIn(postgresUrl, { home, ...data.config });
    const backend = await openBackend();
    const folder = join(home, 'evaluations', new Date().toISOString().replace(/[:.]/g, '-'));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    const display = createProgressDisplay(process.stderr);
    const report = await evaluateConfig(data, backend, {
      ...options,
      looks,
      signal,
      onProgress: ({ done, of, what }) => display.update({ what, share: done / of, done, unit: 'trainings' }),
    });
    display.end();
    await writeFile(join(folder, 'report.json'), `${JSON.stringify(report)}\n`);
    print(
      json
        ? JSON.stringify(report)
        : `${evaluationText(data, report)}\n\nKept in ${folder}: config.json and report.json`,
    );
    return 0;
  },
});

function wholeOf(flag: string, said: string | undefined, usual: number, [least, most]: [number, number]): number {
  const value = said === undefined ? usual : Number(said);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new BadInput(`${flag}: expected a whole number ${range}, found ${said}`);
}

function lengthOf(flag: string, said: string | undefined): number | undefined {
  const ms = said === undefined ? undefined : durationMs(said);
  if (said !== undefined && ms === undefined)
    throw new BadInput(`${flag}: expected ${EXPECTED_DURATION}, found ${said}`);
  return ms;
}
