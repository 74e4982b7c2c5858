import { ADDED_MAX, type AddedFeature, addedKey, readAdded } from '../market/added-feature.ts';
import type { Interval } from '../market/bars.ts';
import { FEATURES, type Feature } from '../market/features.ts';
import { createStore, type Store } from '../store/store.ts';

export const BOOK_TICKS = [1, 10, 100] as const;
type BookTicks = (typeof BOOK_TICKS)[number];

export type Theme = 'system' | 'light' | 'dark';

/** What the browser remembers between visits. */
export interface Settings {
  readonly theme: Theme;
  /** Null: never chosen, so it follows how long there are data. */
  readonly interval: Interval | null;
  readonly bookTicks: BookTicks;
  /** Streamed features that are shown. */
  readonly features: readonly Feature[];
  /** Features of the catalogue that were added. */
  readonly added: readonly AddedFeature[];
  readonly instrument: string | null;
}

export const USUAL_FEATURES: readonly Feature[] = ['midprice', 'microprice', 'queue_imbalance', 'order_flow_imbalance'];

const DEFAULTS: Settings = {
  theme: 'system',
  interval: null,
  bookTicks: 1,
  features: USUAL_FEATURES,
  added: [],
  instrument: null,
};

const KEY = 'don.settings';

/** Settings from their stored text; whatever in it is not known takes its default. */
export function parseSettings(text: string | null): Settings {
  let found: Partial<Record<keyof Settings, unknown>> = {};
  try {
    found = (JSON.parse(text ?? '{}') ?? {}) as typeof found;
  } catch {
    // What was stored is not ours, or damaged: the defaults serve.
  }
  const oneOf = <T>(known: readonly T[], value: unknown, otherwise: T): T =>
    known.includes(value as T) ? (value as T) : otherwise;
  const features = Array.isArray(found.features)
    ? FEATURES.filter((name) => (found.features as unknown[]).includes(name))
    : DEFAULTS.features;
  const added = parseAdded(found.added);
  const isAnyShown = features.length > 0 || added.some(({ isShown }) => isShown);
  return {
    theme: oneOf<Theme>(['system', 'light', 'dark'], found.theme, DEFAULTS.theme),
    interval: oneOf<Interval | null>(['1s', '1m'], found.interval, DEFAULTS.interval),
    bookTicks: oneOf<BookTicks>(BOOK_TICKS, found.bookTicks, DEFAULTS.bookTicks),
    features: isAnyShown ? features : DEFAULTS.features,
    added,
    instrument: typeof found.instrument === 'string' ? found.instrument : DEFAULTS.instrument,
  };
}

/** Each once; what cannot be read is left out. Whether the catalogue knows them is seen when it is loaded. */
function parseAdded(found: unknown): readonly AddedFeature[] {
  if (!Array.isArray(found)) return DEFAULTS.added;
  const added = found.map(readAdded).filter((feature) => feature !== null);
  return [...new Map(added.map((feature) => [addedKey(feature), feature])).values()].slice(0, ADDED_MAX);
}

export const settings: Store<Settings> = createStore(parseSettings(stored()));

export function changeSettings(changes: Partial<Settings>): void {
  settings.set({ ...settings.get(), ...changes });
  try {
    localStorage.setItem(KEY, JSON.stringify(settings.get()));
  } catch {
    // Private windows may refuse storage; the choice then lasts as long as the page.
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
