import { join } from 'node:path';
import { constantLatency } from '../../operators/matching/latency.ts';
import { RISK_AVERSE } from '../../operators/matching/queue-model.ts';
import { random } from '../../operators/random.ts';
import { clockSkewUs } from '../../pipelines/simulation/exchange-order.ts';
import { createSimulation, type Simulation } from '../../pipelines/simulation/simulation.ts';
import type { StrategyDefinition } from '../../pipelines/simulation/strategy.ts';
import { type BenchContext, type BenchResult, timeInTurn } from './bench.ts';
import { CAPTURE } from './capture-payloads.ts';
import { captureTape } from './capture-tape.ts';
import { pythonPeer } from './python-peer.ts';

/** Rows a second of a strategy over the capture, beside the same pass of hftbacktest's fastest book. */
export async function benchBacktest(
  context: BenchContext,
  name: string,
  strategy: StrategyDefinition,
  pass: string,
  check: (simulation: Simulation) => void,
): Promise<BenchResult> {
  const { tape, note } = captureTape(context);
  const skewUs = clockSkewUs(tape);
  let last: Simulation | undefined;
  const run = (): void => {
    last = createSimulation({
      strategy,
      parameters: {},
      rules: { queue: RISK_AVERSE, fills: 'whole' },
      latency: constantLatency(1, 1),
      random: random(1),
      skewUs,
    });
    last.push(tape);
    last.end();
  };
  const [ms = 0] = timeInTurn([run]);
  check(last!);
  const value = tape.rows / ms / 1_000;
  const peer =
    context.captures === undefined ? undefined : await pythonPeer(join(context.captures, CAPTURE), 'hftbacktest');
  const found = peer?.find((line) => line.name === pass);
  const referenceValue = found === undefined ? null : found.perSecond / 1e6;
  return {
    name,
    value,
    unit: 'M rows/s',
    reference: referenceValue === null ? null : `${pass} of the same capture`,
    referenceValue,
    ratio: referenceValue === null ? null : value / referenceValue,
    ...(note === undefined ? {} : { note }),
  };
}
