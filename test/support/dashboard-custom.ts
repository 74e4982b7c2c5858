// Custom features as the API tells of them, for the dashboard's fixture: one that runs, and one that was refused.

const NAME = 'quote_pressure';
const SET = `custom_${NAME}-v1`;

export interface FixtureCustom {
  /** As `/api/v1/features` and the status of the service `features` list them. */
  list(): readonly object[];
  /** It does harm, so the service stops it. */
  switchOff(reason: string): void;
  /** The topic of its rows, and a row. */
  event(instrument: string, nowMs: number): readonly [topic: string, row: object];
}

export function isCustom(name: string): boolean {
  return name === NAME;
}

export function createFixtureCustom(): FixtureCustom {
  let off: string | null = null;
  const feature = {
    name: NAME,
    version: 1,
    title: NAME,
    group: 'custom',
    inputs: ['topOfBook', 'bookBreak'],
    needsOther: false,
    parameters: [{ name: 'period', default: 7, least: 1, most: 100, whole: true, unit: 'quotes', meaning: 'window' }],
    outputs: [{ name: '', unit: 'ratio', range: [-1, 1], meaning: 'positive: more was bid', drawn: 'line' }],
    warmUp: { count: 10, of: 'quotes' },
    formula: 'in its file',
    source: 'custom',
  };
  const set = { id: SET, hash: 'c761480a536279e6', table: 'x', sampling: 'quotes', columns: [NAME] };
  const broken = { file: 'broken.ts', state: 'refused', reason: 'expected a feature, found number' };
  let rows = 0;
  return {
    list: () => [
      { ...broken, feature: null, set: null, rows: 0 },
      { file: 'quote-pressure.ts', state: off === null ? 'running' : 'off', reason: off, feature, set, rows: rows++ },
    ],
    switchOff(reason) {
      off = reason;
    },
    event: (instrument, nowMs) => [
      `features:${instrument}:${SET}`,
      { ts: nowMs * 1_000, set: SET, set_hash: set.hash, valid: true, mask: 1, [NAME]: Math.sin(nowMs / 700) },
    ],
  };
}
