import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { openRecordedSpan } from '../../backtest/recorded-span.ts';
import { writeCheckpoint } from '../../trainer/algorithms/checkpoint-file.ts';
import { openBackend } from '../../trainer/backend/backend.ts';
import { type BarData, barData } from '../../trainer/run/bar-data.ts';
import { trainText } from '../../trainer/run/run-text.ts';
import { checkTrainConfig, type TrainConfig } from '../../trainer/run/train-config.ts';
import { trainAndJudge } from '../../trainer/run/train-run.ts';
import { chooseInstrument, chooseMarketRecording } from '../choose-recording.ts';
import { command } from '../command.ts';
import { createProgressDisplay } from '../progress.ts';

export default command({
  usage: ['train CONFIG.json [--steps N] [--seeds 1,2,3]'],
  description: `Trains an agent (PPO) on the candles of a recording, once for each seed, and judges each on a span that nothing was
learned of, beside never trading, holding, chance and a simple rule. It sees what it would see live, and trades by the same
simulator as a backtest on candles. All that the config may say, and what it means, is in docs/training.md.`,
  examples: ['don train docs/examples/btc-5m.json', 'don train config.json --steps 50000 --seeds 1 --json'],
  options: {
    steps: { type: 'string', value: 'N', help: 'in place of ppo/totalSteps' },
    seeds: { type: 'string', value: 'A,B', help: 'in place of seeds' },
  },
  async run({ positionals, values, json, print, config: { home }, signal, servers }) {
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0)
      throw new BadInput(`don train: expected one CONFIG.json, found ${positionals.join(' ') || 'none'}`);
    const config = readConfig(file, values);
    const { redisUrl } = await servers('redis');
    const data = await readData(config, redisUrl, join(home, 'tapes'));
    const backend = await openBackend();
    const folder = join(home, 'runs', new Date().toISOString().replace(/[:.]/g, '-'));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    const display = createProgressDisplay(process.stderr);
    const total = config.ppo.totalSteps * config.seeds.length;
    const report = await trainAndJudge(data, backend, {
      signal,
      onMetrics(seed, metrics) {
        const steps = config.seeds.indexOf(seed) * config.ppo.totalSteps + (metrics['globalStep'] ?? 0);
        const reward = metrics['episodeReturnMean'];
        const what = `seed ${seed}${reward === null || reward === undefined ? '' : `, episode ${reward.toFixed(3)}`}`;
        display.update({ what, share: Math.min(1, steps / total), done: steps, unit: 'steps' });
      },
      onCheckpoint: (seed, checkpoint) => writeCheckpoint(join(folder, `seed-${seed}.checkpoint`), checkpoint),
    });
    display.end();
    await writeFile(join(folder, 'report.json'), `${JSON.stringify(report)}\n`);
    print(json ? JSON.stringify(report) : trainText(data, report));
    return 0;
  },
});

function readConfig(
  file: string,
  { steps, seeds }: { readonly steps: string | undefined; readonly seeds: string | undefined },
): TrainConfig {
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new BadInput(`${file}: expected a config as JSON, found ${error instanceof Error ? error.message : error}`);
  }
  const ppo = { ...(raw['ppo'] as object | undefined), ...(steps === undefined ? {} : { totalSteps: Number(steps) }) };
  const said = { ...raw, ...(Object.keys(ppo).length === 0 ? {} : { ppo }) };
  return checkTrainConfig(seeds === undefined ? said : { ...said, seeds: seeds.split(',').map(Number) });
}

async function readData(config: TrainConfig, redisUrl: string, folder: string): Promise<BarData> {
  const redis = await connectRedis(redisUrl);
  try {
    const { interval } = config;
    const instrument = await chooseInstrument(redis, config.instrument);
    const fromUs = config.train === undefined ? undefined : Date.parse(config.train.from) * 1_000;
    const recording = await chooseMarketRecording(redis, instrument, config.recording, { fromUs });
    const span = await openRecordedSpan({ redis, instrument, recording, folder });
    const bars = await span.candles(interval);
    if (bars === undefined || bars.openTimesMs.length === 0)
      throw new BadInput(`${instrument}, recording ${recording}: no candle of ${interval} is recorded`);
    return barData(config, { bars, scale: span.scale, funding: await span.funding(bars, undefined) });
  } finally {
    redis.disconnect();
  }
}
