import { CATALOGUE, featureNamed } from '../../operators/features/catalogue.ts';
import type { FeatureInput } from '../../operators/features/feature-input.ts';
import { featureSet } from '../../operators/features/feature-set.ts';
import { needsOther, resolveFeatureSet, resolveParameters } from '../../operators/features/resolve-feature-set.ts';
import { inUnit } from '../../operators/features/unit.ts';
import { featureJson } from '../../services/features/feature-json.ts';
import { createScale } from '../../streams/events/scale.ts';
import { isCustom } from './dashboard-custom.ts';
import type { FixtureMarket } from './dashboard-market.ts';

// The routes of the catalogue and of computed features for the dashboard's fixture: the real folds, over its bars.

export function fixtureCatalogue(custom: readonly object[]): object {
  return { items: CATALOGUE.map(featureJson), sets: [], custom };
}

export type FixtureRows = readonly (readonly [ts: number, ...values: (number | null)[]])[];

/**
 * Answer of the compute route; undefined: no such feature.
 * @throws RangeError for parameters that cannot be, and for a feature of two instruments without the other
 */
export function fixtureComputed(market: FixtureMarket, name: string, query: URLSearchParams): object | undefined {
  const feature = featureNamed(name);
  const fromUs = Date.parse(query.get('from') ?? '') * 1_000;
  if (feature === undefined) return isCustom(name) ? { items: waves(fromUs, 1) } : undefined;
  if (needsOther(feature) !== (query.get('other') !== null))
    throw new RangeError(`other: expected one for ${name} as it needs, found ${query.get('other')}`);
  const pairs = (query.get('parameters') ?? '').split(',').filter((pair) => pair !== '');
  const said = Object.fromEntries(pairs.map((pair) => [pair.split(':')[0]!, Number(pair.split(':')[1])]));
  const parameters = resolveParameters('parameters', feature, said);
  const isOfBars = feature.inputs.includes('bar');
  const rows = isOfBars
    ? foldBars(market, name, parameters, query.get('interval') === '1s' ? '1s' : '1m')
    : waves(fromUs, Object.keys(feature.outputs).length);
  return { feature: name, parameters, recording: 'live', outputs: [], items: rows.filter(([ts]) => ts >= fromUs) };
}

function foldBars(
  market: FixtureMarket,
  name: string,
  parameters: Readonly<Record<string, number>>,
  interval: '1s' | '1m',
): FixtureRows {
  const intervalMs = interval === '1s' ? 1_000 : 60_000;
  const scale = createScale(market.tickSize, market.stepSize);
  const set = resolveFeatureSet({
    name: 'fixture',
    version: 1,
    says: '',
    clock: { kind: 'time', intervalMs },
    sampling: 'bars',
    features: [{ feature: featureNamed(name)!, parameters }],
  });
  const { initialState, evolve, project } = featureSet(set);
  let state = initialState();
  return market
    .bars(interval)
    .toReversed()
    .map((row) => {
      const bar = row as Record<string, string | number>;
      const count = (field: string, size: string): number => Math.round(Number(bar[field]) / Number(size));
      const openTimeMs = Number(bar['ts']) / 1_000;
      const prices = ['open', 'high', 'low', 'close'].map((field) => [field, count(field, market.tickSize)]);
      const input = {
        type: 'bar',
        openTimeMs,
        closeTimeMs: openTimeMs + intervalMs,
        ...Object.fromEntries(prices),
        volume: count('volume', market.stepSize),
      } as FeatureInput;
      state = evolve(state, input);
      const values = project(state, input)?.values ?? [];
      const told = values.map((value, at) => (value === null ? null : inUnit(value, set.columns[at]!.unit, scale)));
      return [(openTimeMs + intervalMs) * 1_000, ...told] as const;
    });
}

/** A row a second of something that goes up and down; a few seconds of each minute have no value. */
function waves(fromUs: number, outputs: number): FixtureRows {
  const nowS = Math.floor(Date.now() / 1_000);
  const count = Math.max(0, nowS - Math.ceil(fromUs / 1_000_000) + 1);
  return Array.from({ length: count }, (_, at) => {
    const timeS = nowS - count + 1 + at;
    const values = Array.from({ length: outputs }, (_, output) =>
      timeS % 60 < 5 ? null : Math.sin((timeS / 20) * (output + 1)) * 0.8,
    );
    return [timeS * 1_000_000, ...values] as const;
  });
}
