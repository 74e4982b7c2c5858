import { constantLatency } from '../../../operators/matching/latency.ts';
import { random } from '../../../operators/random.ts';
import { type BarSimulationOptions, createBarSimulation } from '../../../pipelines/simulation/bar-simulation.ts';
import type { SimulationListener } from '../../../pipelines/simulation/simulation-listener.ts';
import { defineStrategy, type Strategy } from '../../../pipelines/simulation/strategy.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import { MINUTE_MS, SCALE, START_MS } from './small-bars.ts';

/** Minutes since the start, of a time in µs. */
export const minutes = (timeUs: number): number => (timeUs / 1_000 - START_MS) / MINUTE_MS;

export interface RanBars {
  /** What happened at the exchange, and what the account was told of, by minutes. */
  readonly log: string[];
  readonly simulation: ReturnType<typeof createBarSimulation>;
}

type Options = Partial<BarSimulationOptions> & { readonly barMs?: number; readonly everyMs?: number };

/** Runs a strategy; the account says of prices, and may answer to them. */
export function runBars(
  parts: BarTape | readonly BarTape[],
  strategy: Strategy,
  { barMs = MINUTE_MS, everyMs, ...options }: Options = {},
  onPrice?: (price: number, simulation: RanBars['simulation']) => void,
): RanBars {
  const log: string[] = [];
  const note = (timeUs: number, what: string) => void log.push(`${Number(minutes(timeUs).toFixed(3))} ${what}`);
  const listener: SimulationListener = {
    onSend: ({ orderId, side }, midTicks) => void log.push(`sent ${orderId} ${side} at ${midTicks}`),
    onRest: (orderId, priceTicks, left, timeUs) => note(timeUs, `${orderId} rests ${left} at ${priceTicks}`),
    onFill: ({ orderId, priceTicks, qtySteps, kind, timeUs, midTicks }) =>
      note(timeUs, `${orderId} ${kind} ${qtySteps} at ${priceTicks} (${midTicks})`),
    onEnd: (orderId, end, code, timeUs) => note(timeUs, `${orderId} ${end} ${code}`),
    onExchangeEvent(event, timeUs, midTicks) {
      if (event.type !== 'markPrice') return;
      const next =
        event.nextFundingTimeMs === null ? '' : `, ${event.fundingRate} in ${event.nextFundingTimeMs - START_MS} ms`;
      note(timeUs, `price ${midTicks}${next}`);
      onPrice?.(event.markPrice, simulation);
    },
  };
  const [bars] = Array.isArray(parts) ? parts : [parts];
  const simulation = createBarSimulation({
    strategy: defineStrategy({
      name: 'of-a-test',
      title: '',
      says: '',
      parameters: {},
      events: everyMs === undefined ? [] : ['timer'],
      barMs: () => barMs,
      ...(everyMs === undefined ? {} : { everyMs: () => everyMs }),
      create: () => strategy,
    }),
    parameters: {},
    intervalMs: MINUTE_MS,
    scale: SCALE,
    rules: { assumptions: { spreadTicks: 2, slippageBps: 10, volumeShare: 0.1 } },
    latency: constantLatency(600, 600),
    random: random(1),
    funding: bars.funding,
    sampleMs: MINUTE_MS,
    listener,
    ...options,
  });
  for (const part of Array.isArray(parts) ? parts : [parts]) simulation.push(part);
  simulation.end();
  return { log, simulation };
}
