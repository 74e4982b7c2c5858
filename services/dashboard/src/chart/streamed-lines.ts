import type { Feature, FeatureSample } from '../market/features.ts';
import type { Market } from '../market/market.ts';
import { FEATURE_DEFINITIONS } from './feature-definitions.ts';
import { type ChartLine, type ChartPane, createLineSource, type LineSource } from './line-source.ts';

/** A sample stands for a second. */
const STEP_S = 1;
const BRIDGED_S = 2;

/** The streamed features that are chosen, a pane a kind. */
export function streamedLines(market: Market, features: readonly Feature[]): LineSource {
  const priceDecimals = market.instrument.priceDecimals ?? 2;
  const names = new Map<ChartLine, Feature>();
  const panes = new Map<string, ChartPane>();
  for (const { name, label, pane, line, middle, channels, format } of FEATURE_DEFINITIONS) {
    if (!features.includes(name)) continue;
    const drawn: ChartLine = {
      label,
      line,
      drawn: 'line',
      middle,
      range: null,
      guides: [],
      laterS: 0,
      format: (value) => format(value, priceDecimals),
    };
    names.set(drawn, name);
    const lines = [...(panes.get(pane)?.lines ?? []), drawn];
    panes.set(pane, { title: null, lines, fills: [], channels, warmUp: null });
  }
  return createLineSource<FeatureSample>({
    samples: market.samples,
    panes: [...panes.values()],
    readValue: ({ values }, line) => values[names.get(line)!],
    stepS: STEP_S,
    bridgedS: BRIDGED_S,
  });
}
