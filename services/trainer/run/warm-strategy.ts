import { BadInput } from '../../../infra/setup-error.ts';
import { resolveParameters } from '../../../operators/features/resolve-feature-set.ts';
import { KLINE_INTERVALS, type KlineInterval } from '../../../operators/kline-bars.ts';
import { unmetByCandles } from '../../../pipelines/simulation/bar-needs.ts';
import { type LoadedStrategy, loadStrategy } from '../../backtest/load-strategy.ts';
import type { WarmStart } from './warm-start-settings.ts';

/** A strategy that a policy is cloned from, with all its parameters. */
export interface WarmStrategy extends LoadedStrategy {
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * Of what a config says; undefined: it says none.
 * @throws BadInput that names the field, where there is no such strategy or parameter, or candles cannot tell what it asks for
 */
export async function loadWarmStrategy({
  warmStart,
  interval,
}: {
  readonly warmStart?: WarmStart | null | undefined;
  readonly interval: KlineInterval;
}): Promise<WarmStrategy | undefined> {
  if (warmStart === undefined || warmStart === null) return undefined;
  const loaded = await loadStrategy(warmStart.strategy).catch((error: unknown) => {
    throw error instanceof BadInput ? new BadInput(`warmStart/${error.message}`) : error;
  });
  const parameters = parametersOf(loaded, warmStart.parameters);
  const unmet = unmetByCandles(loaded.definition, parameters, interval, KLINE_INTERVALS[interval]);
  if (unmet !== undefined) throw new BadInput(`warmStart/strategy: ${unmet}`);
  return { ...loaded, parameters };
}

function parametersOf({ definition }: LoadedStrategy, said: WarmStart['parameters']): WarmStrategy['parameters'] {
  try {
    return resolveParameters('warmStart/parameters', definition, said);
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(error.message) : error;
  }
}
