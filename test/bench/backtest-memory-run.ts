import { resolveParameters } from '../../operators/features/resolve-feature-set.ts';
import { constantLatency } from '../../operators/matching/latency.ts';
import { RISK_AVERSE } from '../../operators/matching/queue-model.ts';
import { DEFAULT_RISK_LIMITS } from '../../operators/risk/risk-limits.ts';
import { clockSkewUs } from '../../pipelines/simulation/exchange-order.ts';
import { MARKET_MAKER } from '../../pipelines/strategies/market-maker.ts';
import { createMarketRun, type MarketRun } from '../../services/backtest/market-run.ts';
import { createScale } from '../../streams/events/scale.ts';
import { readTapeFile } from '../../streams/tape/tape-file.ts';
import type { MemoryRun } from './backtest-memory.ts';

/** One run in a process of its own, of the tape file that is named. */

const SAMPLE_MS = 10_000;

async function main(path: string): Promise<void> {
  let run: MarketRun | undefined;
  let rows = 0;
  const startMs = performance.now();
  for await (const tape of readTapeFile(path)) {
    run ??= createMarketRun({
      instrument: 'binance-usdm:BTCUSDT',
      scale: createScale('0.10', '0.001'),
      strategy: MARKET_MAKER,
      parameters: resolveParameters('market-maker', MARKET_MAKER, { halfSpreadBps: 0 }),
      queue: RISK_AVERSE,
      latency: constantLatency(5, 5),
      seed: 1,
      balance: 1_000_000,
      leverage: 5,
      feeTier: 0,
      limits: DEFAULT_RISK_LIMITS,
      sampleMs: SAMPLE_MS,
      skewUs: clockSkewUs(tape),
    });
    run.simulation.push(tape);
    rows += tape.rows;
  }
  run!.simulation.end();
  const found: MemoryRun = {
    rows,
    fills: run!.account.fills.length,
    seconds: (performance.now() - startMs) / 1_000,
    peakBytes: process.resourceUsage().maxRSS * 1_024,
  };
  process.stdout.write(JSON.stringify(found));
}

if (import.meta.main) await main(process.argv[2]!);
