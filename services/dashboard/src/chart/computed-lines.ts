import { INTERVAL_S } from '../market/bars.ts';
import type { FeatureOutput } from '../market/catalogue.ts';
import type { ComputedFeature } from '../market/computed-feature.ts';
import { channelsOf } from '../market/feature-channels.ts';
import { type ChartFill, type ChartLine, type ChartPane, createLineSource, type LineSource } from './line-source.ts';
import { formatOf } from './output-format.ts';

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
 * @param options.outputs indexes of those that are drawn
 * @param options.firstLine index into the cycle of lines of the first one
 */
export function computedLines(
  computed: ComputedFeature,
  options: { readonly outputs: readonly number[]; readonly priceDecimals: number; readonly firstLine: number },
): LineSource {
  const { feature, label, feed, added } = computed;
  const { outputs, priceDecimals, firstLine } = options;
  const stepS = stepOf(computed);
  const indexes = new Map<ChartLine, number>();

  function lineOf(at: number, nth: number, group: readonly number[]): ChartLine {
    const output = feature.outputs[at]!;
    const isAlone = group.length === 1;
    const isBand = bandsOf(feature.outputs, group).length > 0;
    const line: ChartLine = {
      label: output.name === '' ? label : output.name.replaceAll('_', ' '),
      line: LINE_CYCLE[(firstLine + (isBand ? 0 : nth)) % LINE_CYCLE.length]!,
      drawn: isBand && isMiddle(feature.outputs, group, at) ? 'dashed' : output.drawn,
      middle: isAlone && output.drawn === 'line' ? middleOf(output) : null,
      range: rangeOf(output),
      guides: guidesOf(output, nth),
      laterS: output.drawnLaterBy === null ? 0 : (added.parameters[output.drawnLaterBy] ?? 0) * stepS,
      format: formatOf(output, priceDecimals),
    };
    indexes.set(line, at);
    return line;
  }

  const panes = groupOutputs(feature.outputs, outputs).map((group): ChartPane => {
    const lines = group.map((at, nth) => lineOf(at, nth, group));
    const isNamed = group.length === 1 && feature.outputs[group[0]!]!.name === '';
    return {
      title: isNamed ? null : label,
      lines,
      fills: fillsOf(feature.outputs, group, lines),
      channels: channelsOf(feature.inputs),
      warmUp: feature.warmUp,
    };
  });
  return createLineSource({
    samples: feed.samples,
    panes,
    readValue: ({ values }, line) => values[indexes.get(line)!] ?? null,
    stepS,
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

/** Pairs of outputs between which is filled. */
function pairsOf(outputs: readonly FeatureOutput[], group: readonly number[]): (readonly [from: number, to: number])[] {
  return group.flatMap((from) => {
    const to = group.find((other) => outputs[other]!.name === outputs[from]!.filledTo);
    return to === undefined ? [] : [[from, to] as const];
  });
}

/** What is drawn ahead is a cloud, whose sides change places; the sides of a band do not. */
function isCloud({ drawnLaterBy }: FeatureOutput): boolean {
  return drawnLaterBy !== null;
}

function bandsOf(outputs: readonly FeatureOutput[], group: readonly number[]) {
  return pairsOf(outputs, group).filter(([from]) => !isCloud(outputs[from]!));
}

function isMiddle(outputs: readonly FeatureOutput[], group: readonly number[], at: number): boolean {
  return !bandsOf(outputs, group).flat().includes(at);
}

function fillsOf(outputs: readonly FeatureOutput[], group: readonly number[], lines: readonly ChartLine[]) {
  return pairsOf(outputs, group).map(
    ([from, to]): ChartFill => ({
      from: lines[group.indexOf(from)]!,
      to: lines[group.indexOf(to)]!,
      kind: isCloud(outputs[from]!) ? 'cloud' : 'band',
    }),
  );
}

/** Nought tells one side from the other where values go as far to either. */
function middleOf({ unit, least, greatest }: FeatureOutput): number | null {
  return unit !== 'percent' && least !== null && least < 0 && greatest === -least ? 0 : null;
}

/** An oscillator is read by how near it is to its limits. */
function rangeOf({ unit, least, greatest }: FeatureOutput): readonly [number, number] | null {
  return unit === 'percent' && least !== null && greatest !== null ? [least, greatest] : null;
}

/** Those of the definition, else limits and middle of an oscillator; once a pane. */
function guidesOf(output: FeatureOutput, nth: number): readonly number[] {
  const range = rangeOf(output);
  if (output.guides.length > 0) return output.guides;
  return range === null || nth > 0 ? [] : [range[0], (range[0] + range[1]) / 2, range[1]];
}
