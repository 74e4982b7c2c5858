import { grouped, significant } from '../format/decimal.ts';
import { INTERVAL_S } from '../market/bars.ts';
import type { FeatureOutput } from '../market/catalogue.ts';
import type { ComputedFeature } from '../market/computed-feature.ts';
import { type ChartLine, type ChartPane, createLineSource, type LineSource } from './line-source.ts';

/** Lines of the palette that differ from each other. */
export const LINE_CYCLE = [0, 1, 2, 3, 6] as const;
/** Seconds without a value that a line bridges: in a second, and only there, nothing may have been traded. */
const BRIDGED_S = { quotes: 2, '1s': 5, '1m': 120 } as const;

/** How far one value of a computed feature is from the next on the time axis, seconds. */
export function stepOf({ added }: ComputedFeature): number {
  return added.interval === null ? 1 : INTERVAL_S[added.interval];
}

/**
 * Some outputs of an added feature as lines: those that can be compared, being of one unit and range, in one pane.
 * @param outputs indexes of those that are drawn
 * @param firstLine index into the cycle of lines of the first one
 */
export function computedLines(
  computed: ComputedFeature,
  options: {
    readonly outputs: readonly number[];
    readonly priceDecimals: number;
    readonly firstLine: number;
    /** Among lines of other features, those of one are of one colour. */
    readonly isOneColour?: boolean;
  },
): LineSource {
  const { feature, label, feed, added } = computed;
  const { outputs, priceDecimals, firstLine, isOneColour = false } = options;
  const indexes = new Map<ChartLine, number>();
  const panes = groupOutputs(feature.outputs, outputs).map((group): ChartPane => {
    const isAlone = group.length === 1;
    const lines = group.map((at, nth) => {
      const output = feature.outputs[at]!;
      const line: ChartLine = {
        label: output.name === '' ? label : output.name.replaceAll('_', ' '),
        line: LINE_CYCLE[(firstLine + (isOneColour ? 0 : nth)) % LINE_CYCLE.length]!,
        middle: isAlone ? middleOf(output) : null,
        range: rangeOf(output),
        format: formatOf(output, priceDecimals),
      };
      indexes.set(line, at);
      return line;
    });
    return { title: isAlone && feature.outputs[group[0]!]!.name === '' ? null : label, lines };
  });
  return createLineSource({
    samples: feed.samples,
    panes,
    readValue: ({ values }, line) => values[indexes.get(line)!] ?? null,
    stepS: stepOf(computed),
    bridgedS: BRIDGED_S[added.interval ?? 'quotes'],
  });
}

/** Indexes of outputs by unit and range: what has other ones is of another scale. */
export function groupOutputs(outputs: readonly FeatureOutput[], wanted: readonly number[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const at of wanted) {
    const { unit, least, greatest } = outputs[at]!;
    const key = JSON.stringify([unit, least, greatest]);
    groups.set(key, [...(groups.get(key) ?? []), at]);
  }
  return [...groups.values()];
}

/** Nought tells one side from the other where values go as far to either. */
function middleOf({ unit, least, greatest }: FeatureOutput): number | null {
  return unit !== 'percent' && least !== null && least < 0 && greatest === -least ? 0 : null;
}

/** An oscillator is read by how near it is to its limits. */
function rangeOf({ unit, least, greatest }: FeatureOutput): readonly [number, number] | null {
  return unit === 'percent' && least !== null && greatest !== null ? [least, greatest] : null;
}

const SUFFIXES: Readonly<Record<string, string>> = { percent: ' %', 'basis points': ' bp', seconds: ' s' };

function formatOf({ unit, least, greatest }: FeatureOutput, priceDecimals: number): (value: number) => string {
  const suffix = SUFFIXES[unit] ?? '';
  const isBounded = least !== null && greatest !== null;
  if (unit === 'quote asset') return (value) => grouped(value, priceDecimals + 1);
  if (unit === 'log return') return (value) => `${significant(value * 10_000)} bp`;
  if (isBounded) return (value) => `${grouped(value, unit === 'percent' ? 1 : 3)}${suffix}`;
  return (value) => `${small(value)}${suffix}`;
}

/** Below this the digits of a decimal are nearly all noughts. */
const DECIMAL_MIN = 1e-5;

function small(value: number): string {
  const isTiny = value !== 0 && Math.abs(value) < DECIMAL_MIN;
  return isTiny ? value.toExponential(2).replaceAll('-', '−') : significant(value);
}
