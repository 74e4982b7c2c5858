import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { readStatus } from '../../../streams/status.ts';
import { isStrategyFile } from '../../backtest/load-strategy.ts';
import { counted, decimal } from '../../backtest/report/numbers.ts';
import type { JobProgress } from '../../jobs/job-kind.ts';
import { clockOf, clockText } from '../../trainer/model/model-clock.ts';
import { algorithmOf } from '../../trainer/run/config-algorithm.ts';
import { recordedRun } from '../../trainer/run/recorded-run.ts';
import type { RunConfig } from '../../trainer/run/run-config.ts';
import type { RunReport } from '../../trainer/run/run-report.ts';
import { trainText } from '../../trainer/run/run-text.ts';
import { type Context, command } from '../command.ts';
import { defaultTrainConfig } from '../default-train-config.ts';
import { createProgressDisplay } from '../progress.ts';
import { readRunConfig, saidInFlags, TRAIN_CONFIG_OPTIONS } from '../train-data.ts';
import { workJob } from '../work-job.ts';

export default command({
  usage: ['train [CONFIG.json] [--steps N] [--seeds 1,2,3] [--study STUDY.json] [--workers N] [--detach] [--show]'],
  description: `Trains an agent (PPO) on the candles or the order book of a recording, once for each seed, and judges each on a span that
nothing was learned of, beside never trading, holding, chance and a simple rule. It sees what it would see live, and
trades by the same simulator as a backtest. Without a config it takes the recording with most candles, and trains as is
usual. All that the config may say, and what it means, is in docs/training.md. The same run comes to the same result:
one that is done is told again, and an interrupted one goes on by the same command.`,
  examples: [
    'don train',
    'don train docs/examples/btc-5m.json',
    'don train docs/examples/btc-book.json',
    'don train config.json --steps 50000 --seeds 1 --json',
    'don train config.json --show',
  ],
  options: {
    ...TRAIN_CONFIG_OPTIONS,
    study: { type: 'string', value: 'STUDY.json', help: 'in place of study: ranges of ppo settings, searched first' },
    workers: {
      type: 'string',
      value: 'N',
      help: 'threads, one or two a seed; as many as the machine has where not said',
    },
    detach: { type: 'boolean', help: 'ask for it as a job, tell its id, and do not wait' },
    show: { type: 'boolean', help: 'print the config with all that is usual in it, and do nothing' },
  },
  async run(context) {
    const { positionals, values, json, print, servers } = context;
    const [file, ...others] = positionals;
    if (others.length > 0) throw new BadInput(`don train: expected one CONFIG.json, found ${positionals.join(' ')}`);
    const workers = values.workers === undefined ? undefined : wholeOf('--workers', values.workers);
    const said = file === undefined ? undefined : readRunConfig(file, values);
    const show = (config: RunConfig): number => {
      print(JSON.stringify(config, null, 2));
      return 0;
    };
    if (said !== undefined && values.show) return show(said);
    const { redisUrl, postgresUrl } = await servers('redis', 'postgres');
    const redis = await connectRedis(redisUrl);
    try {
      const config = said ?? (await defaultTrainConfig(redis, saidInFlags({}, values)));
      if (values.show) return show(config);
      // A service that works on jobs loads no files.
      const ownFile = config.reward.file ?? strategyFileOf(config);
      const isJob = ownFile === undefined && (values.detach || (await readStatus(redis, 'jobs')) !== undefined);
      if (values.detach && !isJob)
        throw new BadInput(
          `--detach: expected a reward and a strategy by their names: jobs load no files, found ${ownFile}`,
        );
      context.say(sizeText(config));
      const report = isJob
        ? await asJob(context, config, workers, values.detach)
        : await here(context, (onProgress) =>
            recordedRun(config, {
              redis,
              postgresUrl,
              home: context.config.home,
              workers,
              signal: context.signal,
              onProgress,
            }),
          );
      if (typeof report === 'number') return report;
      print(json ? JSON.stringify(report) : trainText(report));
      return 0;
    } finally {
      redis.disconnect();
    }
  },
});

/** @returns the report, or the exit status where there is none */
async function asJob(
  { json, print, say, signal, servers }: Context,
  config: RunConfig,
  workers: number | undefined,
  isDetached: boolean,
): Promise<RunReport | number> {
  const urls = await servers('redis', 'questdb', 'postgres');
  const data = { ...config, ...(workers === undefined ? {} : { workers }) };
  const followed = await workJob({ json, print, say, signal }, urls, {
    kind: 'train',
    data,
    isOfFile: true,
    isDetached,
  });
  return 'exit' in followed ? followed.exit : (followed.job.result as RunReport);
}

/** In this process, where no service works on jobs. */
async function here(
  { say, signal }: Context,
  run: (onProgress: (progress: JobProgress) => void) => Promise<RunReport>,
): Promise<RunReport | number> {
  const display = createProgressDisplay(process.stderr);
  try {
    return await run(({ text, share, done, unit, detail }) =>
      display.update({
        what: text,
        share: share ?? undefined,
        done,
        unit,
        ...(detail === undefined ? {} : { detail }),
      }),
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    say('Interrupted. The same command goes on from here.');
    return 130;
  } finally {
    display.end();
  }
}

/** Of what it is, and how much work. */
function sizeText(config: RunConfig): string {
  const { instrument, seeds, study } = config;
  const steps = decimal(algorithmOf(config).settings.totalSteps, 0);
  const searched = study === null ? '' : `, after a study of ${counted(study.trials, 'trial')}`;
  const named = seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds (${seeds.join(', ')})`;
  return `${instrument}, ${clockText(clockOf(config))}: ${named} × ${steps} steps${searched}`;
}

/** Of a warm start. */
function strategyFileOf(config: RunConfig): string | undefined {
  const { strategy = '' } = ('warmStart' in config ? config.warmStart : undefined) ?? {};
  return isStrategyFile(strategy) ? strategy : undefined;
}

function wholeOf(flag: string, said: string): number {
  const value = Number(said);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new BadInput(`${flag}: expected a whole number from 1, found ${said}`);
}
