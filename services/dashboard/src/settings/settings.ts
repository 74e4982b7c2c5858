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
  readonly features: readonly Feature[];
  readonly instrument: string | null;
}

const DEFAULTS: Settings = {
  theme: 'system',
  interval: null,
  bookTicks: 1,
  features: ['midprice', 'microprice', 'queue_imbalance', 'order_flow_imbalance'],
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
    : [];
  return {
    theme: oneOf<Theme>(['system', 'light', 'dark'], found.theme, DEFAULTS.theme),
    interval: oneOf<Interval | null>(['1s', '1m'], found.interval, DEFAULTS.interval),
    bookTicks: oneOf<BookTicks>(BOOK_TICKS, found.bookTicks, DEFAULTS.bookTicks),
    features: features.length > 0 ? features : DEFAULTS.features,
    instrument: typeof found.instrument === 'string' ? found.instrument : DEFAULTS.instrument,
  };
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
