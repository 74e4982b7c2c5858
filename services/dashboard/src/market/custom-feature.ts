import { type Fields, fieldsOf, isObject } from '../api/fields.ts';
import { type CatalogueFeature, readCatalogueFeature } from './catalogue.ts';
import type { ComputedSample } from './computed.ts';

/** How a custom feature stands, as the service that runs it says. */
export interface CustomState {
  readonly file: string;
  readonly state: 'checking' | 'running' | 'refused' | 'off';
  /** Why it does not run; null where it does. */
  readonly reason: string | null;
  /** What its rows are in; null where it has none. */
  readonly set: CustomSet | null;
}

export interface CustomSet {
  readonly id: string;
  /** Another one for another text of its file. */
  readonly hash: string;
  /** In the order of its outputs. */
  readonly columns: readonly string[];
}

const STATES = ['checking', 'running', 'refused', 'off'] as const;

/** Custom features as the API lists them: of several versions of one the newest that has rows. @throws TypeError naming the field */
export function readCustomFeatures(values: readonly unknown[]): CatalogueFeature[] {
  const byName = new Map<string, { readonly feature: CatalogueFeature; readonly rank: number }>();
  for (const value of values) {
    const feature = readCustomFeature(value);
    const rank = feature.custom?.set === null ? -1 : versionOf(value);
    const before = byName.get(feature.name);
    if (before === undefined || rank > before.rank) byName.set(feature.name, { feature, rank });
  }
  return [...byName.values()].map(({ feature }) => feature);
}

function readCustomFeature(value: unknown): CatalogueFeature {
  const fields = fieldsOf('custom', value);
  const state = fields.text('state');
  const custom: CustomState = {
    file: fields.text('file'),
    state: STATES.find((known) => known === state) ?? 'off',
    reason: fields.textOrNull('reason'),
    set: readSet(fields),
  };
  const described = fields.raw('feature');
  return isObject(described) ? { ...readCatalogueFeature(described), custom } : unreadable(custom);
}

/** Of a file that could not be loaded nothing is known but its name. */
function unreadable(custom: CustomState): CatalogueFeature {
  const name = custom.file.split('/').at(-1) ?? custom.file;
  return {
    name,
    title: name,
    group: 'custom',
    isOfBars: false,
    inputs: [],
    needsOther: false,
    parameters: [],
    outputs: [],
    warmUp: '',
    formula: '',
    source: '',
    custom,
  };
}

function readSet(fields: Fields): CustomSet | null {
  const found = fields.raw('set');
  if (!isObject(found)) return null;
  const set = fieldsOf('custom/set', found);
  return { id: set.text('id'), hash: set.text('hash'), columns: set.list('columns').map(String) };
}

function versionOf(value: unknown): number {
  const feature = isObject(value) ? value['feature'] : undefined;
  return isObject(feature) ? Number(feature['version'] ?? 0) : 0;
}

/** How it is said to stand: `switched off: …`; null while it runs. */
export function describeCustomState({ state, reason }: CustomState): string | null {
  if (state === 'running') return null;
  const said = { checking: 'being checked', refused: 'refused', off: 'switched off' }[state];
  return reason === null ? said : `${said}: ${reason}`;
}

/** A row of its set as it is streamed, drawn where one that is computed is. @throws TypeError naming the field */
export function readCustomRow(set: CustomSet, isOfBars: boolean): (row: unknown) => ComputedSample {
  return (row) => {
    const fields = fieldsOf('features', row);
    const atUs = fields.number('ts');
    const second = 1_000_000;
    // The row of a minute is of its end, and drawn where its candle is.
    const timeS = isOfBars ? Math.floor((atUs - 1) / second / 60) * 60 : Math.floor(atUs / second);
    return { timeS, atUs, values: set.columns.map((column) => fields.numberOrNull(column)) };
  };
}
