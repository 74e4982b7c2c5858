import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nearestName } from '../../../infra/nearest-name.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import type { Parameters } from '../../../operators/features/definition.ts';
import { resolveParameters } from '../../../operators/features/resolve-feature-set.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import type { StrategyDefinition } from '../../../pipelines/simulation/strategy.ts';
import { STRATEGIES } from '../../../pipelines/strategies/strategies.ts';
import { BAR_ASSUMPTIONS } from '../../backtest/bar-run.ts';
import { EXPECTED_LATENCY, latencyOf } from '../../backtest/latency-of.ts';
import { loadStrategy } from '../../backtest/load-strategy.ts';
import { reportHtml } from '../../backtest/report/page/report-html.ts';
import { reportText } from '../../backtest/report/report-text.ts';
import { summarise } from '../../backtest/report/summarise.ts';
import { runInThread } from '../../backtest/run-in-thread.ts';
import { limitsText } from '../../features/feature-text.ts';
import { chooseInstrument, chooseMarketRecording } from '../choose-recording.ts';
import { command } from '../command.ts';
import { EXTENT_OPTIONS, readBounds } from '../extent-options.ts';
import { createProgressDisplay } from '../progress.ts';
import { RISK_OPTION, readRisk } from '../risk-option.ts';
import { readSet } from '../set-option.ts';
import { table } from '../table.ts';

export default command({
  usage: [
    'backtest STRATEGY --instrument I [--recording R] [--from T] [--to T] [--set NAME=VALUE]… [--report FILE.html]',
    'backtest list',
  ],
  description: `Runs a strategy against a recorded market: its orders take their way to the exchange, wait in their queues, pay fees and
funding, and are told of with delay. STRATEGY is one of those that come with Don (don backtest list), or a file that exports
one. Where only candles are recorded, a coarser model runs on these. What the simulator assumes is in docs/simulator.md. The
same run gives the same bytes, and is named by the hash of all that decides on it.`,
  examples: [
    'don backtest market-maker --instrument simulated:BTCUSDT --from -1h --set halfSpreadBps=0.5 --report run.html',
    'don backtest moving-average-cross --instrument binance-usdm:BTCUSDT --recording R --set barMs=300000 --slippage 2',
    'don backtest my-strategy.ts --instrument binance-usdm:BTCUSDT --queue probability-log --latency 10,10,0.5 --json',
  ],
  options: {
    ...EXTENT_OPTIONS,
    set: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      help: 'a parameter of the strategy; may be given several times',
    },
    balance: { type: 'string', value: 'N', default: '10000', help: 'what the account begins with, in the quote asset' },
    leverage: { type: 'string', value: 'N', default: '5', help: 'leverage of the instrument' },
    'fee-tier': { type: 'string', value: 'N', default: '0', help: 'VIP level of the account' },
    hedge: { type: 'boolean', help: 'hedge mode: long and short positions side by side' },
    queue: {
      type: 'string',
      value: 'NAME',
      default: 'risk-averse',
      help: `queue model: ${Object.keys(QUEUE_MODELS).join(', ')}`,
    },
    latency: {
      type: 'string',
      value: 'MS,MS[,σ]',
      default: '5,5',
      help: 'to the exchange and back; with σ log-normal about them; recorded[,F,F]: the feed’s own, times factors',
    },
    spread: {
      type: 'string',
      value: 'TICKS',
      default: String(BAR_ASSUMPTIONS.spreadTicks),
      help: 'on candles alone: between best bid and ask',
    },
    slippage: {
      type: 'string',
      value: 'BPS',
      default: String(BAR_ASSUMPTIONS.slippageBps),
      help: 'on candles alone: of an order that takes, beyond the best price',
    },
    'volume-share': {
      type: 'string',
      value: 'PART',
      default: String(BAR_ASSUMPTIONS.volumeShare),
      help: 'on candles alone: part of a candle’s volume that own orders may get',
    },
    funding: {
      type: 'string',
      value: 'RECORDING',
      help: 'on candles alone: where funding rates are taken from; without it any recording of the instrument',
    },
    ...RISK_OPTION,
    seed: { type: 'string', value: 'N', default: '1', help: 'of what is left to chance' },
    report: { type: 'string', value: 'FILE', help: 'writes the report as a page of its own' },
  },
  async run({ positionals, values, config, json, print, say, servers, signal }) {
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0)
      throw new BadInput(`don backtest: expected one STRATEGY, found ${positionals.join(' ') || 'none'}`);
    if (name === 'list') {
      print(json ? JSON.stringify({ items: STRATEGIES.map(strategyJson) }) : listText());
      return 0;
    }
    const { definition } = await loadStrategy(name);
    const parameters = readParameters(definition, values.set);
    const run = {
      strategy: name,
      parameters,
      queue: checkQueue(values.queue),
      latency: checkLatency(values.latency),
      assumptions: {
        spreadTicks: readNumber('spread', values.spread, 0, 1_000_000, false),
        slippageBps: readNumber('slippage', values.slippage, 0, 1_000, false),
        volumeShare: readNumber('volume-share', values['volume-share'], 0.000001, 1, false),
      },
      funding: values.funding,
      limits: readRisk(values.risk),
      seed: readNumber('seed', values.seed, 0, 2 ** 32 - 1, true),
      balance: readNumber('balance', values.balance, 0.00000001, 50_000_000, false),
      leverage: readNumber('leverage', values.leverage, 1, 125, true),
      feeTier: readNumber('fee-tier', values['fee-tier'], 0, 9, true),
      positionMode: values.hedge ? ('hedge' as const) : ('oneWay' as const),
    };
    const { from, to } = readBounds(values);
    const { redisUrl } = await servers('redis');
    const redis = await connectRedis(redisUrl);
    const display = createProgressDisplay(process.stderr);
    try {
      const instrument = await chooseInstrument(redis, values.instrument);
      const wanted = { fromUs: from?.timeUs, toUs: to?.timeUs };
      const recording = await chooseMarketRecording(redis, instrument, values.recording, wanted);
      const onProgress = (events: number): void =>
        display.update({ what: `running ${name}`, share: undefined, done: events, unit: 'events' });
      const span = { from: boundOf(from), to: boundOf(to) };
      const folder = join(config.home, 'tapes');
      const work = { redisUrl, instrument, recording, folder, ...span, ...run };
      const result = await runInThread(work, { onProgress, signal });
      display.end();
      const report = summarise(result);
      if (values.report !== undefined) await writeFile(values.report, reportHtml(report, result));
      print(json ? JSON.stringify(report) : reportText(report));
    } catch (error) {
      if (!signal.aborted) throw error;
      say('Interrupted.');
      return 130;
    } finally {
      display.end();
      redis.disconnect();
    }
    return 0;
  },
});

function boundOf(bound: ReturnType<typeof readBounds>['from']): string | number | undefined {
  return bound === undefined ? undefined : (bound.entryId ?? Math.floor(bound.timeUs / 1_000));
}

function readParameters(strategy: StrategyDefinition, pairs: readonly string[]): Parameters {
  const said = readSet(pairs);
  try {
    return resolveParameters(`--set, ${strategy.name}`, strategy, said);
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(error.message) : error;
  }
}

function checkQueue(name: string): string {
  if (Object.hasOwn(QUEUE_MODELS, name)) return name;
  const names = Object.keys(QUEUE_MODELS);
  const near = nearestName(name, names);
  throw new BadInput(
    `--queue: expected one of ${names.join(', ')}, found ${name}${near === undefined ? '' : `; did you mean ${near}?`}`,
  );
}

function checkLatency(text: string): string {
  if (latencyOf(text) !== undefined) return text;
  throw new BadInput(`--latency: expected ${EXPECTED_LATENCY}, found ${text}`);
}

function readNumber(flag: string, text: string, least: number, most: number, isWhole: boolean): number {
  const value = Number(text);
  if (text !== '' && value >= least && value <= most && (!isWhole || Number.isSafeInteger(value))) return value;
  throw new BadInput(
    `--${flag}: expected a ${isWhole ? 'whole number' : 'number'} from ${least} to ${most}, found ${text}`,
  );
}

function strategyJson({ name, title, says, parameters }: StrategyDefinition) {
  return { name, title, says, parameters };
}

function listText(): string {
  return STRATEGIES.map(({ name, title, says, parameters }) => {
    const rows = Object.entries(parameters).map(([key, parameter]) => [
      `  ${key}`,
      String(parameter.default),
      limitsText(parameter),
      parameter.says,
    ]);
    return [`${title} (${name}): ${says}.`, table(['  PARAMETER', 'USUALLY', 'MAY BE', 'MEANING'], rows)].join('\n');
  }).join('\n\n');
}
