import type { Redis } from 'ioredis';
import { questdbRows, sqlText } from '../../../infra/questdb.ts';
import { featureNamed } from '../../../operators/features/catalogue.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { featureSet } from '../../../operators/features/feature-set.ts';
import { type FeatureSet, resolveFeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { inUnit } from '../../../operators/features/unit.ts';
import { startInputs } from '../../../pipelines/book-at.ts';
import { BAR_INTERVALS } from '../../../pipelines/derived.ts';
import { createPairInputs } from '../../../pipelines/pair-inputs.ts';
import { createScale, type Scale } from '../../../streams/events/scale.ts';
import { replayMerged } from '../../../streams/merge.ts';
import type { ComputedRow, ComputeRequest } from './compute-request.ts';

/** Bars that are read before the span, at most: what an average began with has no weight left long before. */
const BARS_MAX = 100_000;
/** Time by which a window of time is read earlier than it needs. */
const MARGIN_MS = 5_000;

/** Computes a feature of the catalogue over a span of a recording, by the same fold that sets are made of. */
export async function computeFeature(redis: Redis, request: ComputeRequest): Promise<readonly ComputedRow[]> {
  const set = setOf(request);
  const scale = createScale(request.tickSize, request.stepSize);
  return set.sampling === 'bars' ? ofBars(request, set, scale) : ofQuotes(redis, request, set, scale);
}

/** The feature as a set of its own. */
function setOf({ feature: name, parameters, interval }: ComputeRequest): FeatureSet {
  const feature = featureNamed(name);
  if (feature === undefined) throw new RangeError(`feature: expected a name of the catalogue, found ${name}`);
  return resolveFeatureSet({
    name: 'computed',
    version: 1,
    says: feature.title,
    clock: { kind: 'time', intervalMs: BAR_INTERVALS[interval] },
    sampling: feature.inputs.includes('bar') ? 'bars' : 'quotes',
    features: [{ feature, parameters, column: 'value' }],
  });
}

/** From the stored bars, which the log gave: quick over days. */
async function ofBars(request: ComputeRequest, set: FeatureSet, scale: Scale): Promise<readonly ComputedRow[]> {
  const { questdbUrl, instrument, recording, interval, fromUs, toUs } = request;
  const intervalMs = BAR_INTERVALS[interval];
  const stored = await questdbRows(
    questdbUrl,
    `SELECT * FROM (SELECT cast(ts as long) ts, open, high, low, close, volume, is_whole FROM bars WHERE symbol = ${sqlText(instrument)} AND recording = ${sqlText(recording)} AND interval = ${sqlText(interval)} AND source = 'trades' AND ts < ${toUs} ORDER BY ts DESC LIMIT ${BARS_MAX}) ORDER BY ts`,
  );
  const { initialState, evolve, project } = featureSet(set);
  let state = initialState();
  const rows: ComputedRow[] = [];
  for (const bar of stored) {
    const input = barInput(bar, intervalMs, scale);
    state = evolve(state, input);
    const vector = project(state, input);
    if (vector === undefined || vector.timeMs * 1_000 < fromUs || vector.timeMs * 1_000 >= toUs) continue;
    rows.push(rowOf(set, vector.timeMs, vector.values, scale));
  }
  return rows;
}

/** A bar that is not whole stands where trades are missing. */
function barInput(stored: Readonly<Record<string, unknown>>, intervalMs: number, scale: Scale): FeatureInput {
  if (stored['is_whole'] !== 1) return { type: 'barBreak' };
  const [tick, step] = [scale.price.toNumber(1), scale.qty.toNumber(1)];
  const count = (name: string, size: number): number => Math.round(Number(stored[name]) / size);
  const openTimeMs = Number(stored['ts']) / 1_000;
  return {
    type: 'bar',
    openTimeMs,
    closeTimeMs: openTimeMs + intervalMs,
    open: count('open', tick),
    high: count('high', tick),
    low: count('low', tick),
    close: count('close', tick),
    volume: count('volume', step),
  };
}

/** From the log, from so long before the span on that the feature is warm at its beginning. */
async function ofQuotes(
  redis: Redis,
  request: ComputeRequest,
  set: FeatureSet,
  scale: Scale,
): Promise<readonly ComputedRow[]> {
  const { instrument, recording, other, fromUs, toUs, everyMs } = request;
  const { definition, parameters } = set.features[0]!;
  const { count, of } = definition.warmUp(parameters);
  const warmMs = Math.max(0, Math.floor(fromUs / 1_000 - MARGIN_MS - (of === 'ms' ? count : 0)));
  const recordings = [{ instrument, recording }, ...(other === undefined ? [] : [other])];
  const starts = await Promise.all(recordings.map((name) => startInputs(redis, name, warmMs, true)));
  const { initialState, evolve, project } = featureSet(set);
  let state = initialState();
  const rows: ComputedRow[] = [];
  const inputs = createPairInputs(
    (input) => {
      state = evolve(state, input);
      const vector = project(state, input);
      if (vector === undefined) return;
      const ts = vector.timeMs * 1_000;
      if (ts < fromUs || ts >= toUs) return;
      const row = rowOf(set, vector.timeMs, vector.values, inputs.scale ?? scale);
      const last = rows.at(-1);
      const isSameSpan =
        last !== undefined && Math.floor(last[0] / 1_000 / everyMs) === Math.floor(vector.timeMs / everyMs);
      if (isSameSpan) rows[rows.length - 1] = row;
      else rows.push(row);
    },
    { own: { scale: starts[0]!.scale ?? scale }, other: { scale: starts[1]?.scale } },
  );
  // Event times and those of entries differ by the way to us.
  const to = Math.ceil(toUs / 1_000) + MARGIN_MS;
  const logs = recordings.map((name, n) => ({ redis, ...name, from: starts[n]!.from, to }));
  for await (const entries of replayMerged(logs))
    for (const { log, entry } of entries)
      for (const { channel, payload } of entry.events) inputs.push(log, channel, payload);
  return rows;
}

function rowOf({ columns }: FeatureSet, timeMs: number, values: readonly (number | null)[], scale: Scale): ComputedRow {
  return [
    timeMs * 1_000,
    ...values.map((value, n) => (value === null ? null : inUnit(value, columns[n]!.unit, scale))),
  ];
}
