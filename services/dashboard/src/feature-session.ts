import { announce } from './announcer.ts';
import { get, itemsOf } from './api/client.ts';
import type { ConnectionState } from './api/connection.ts';
import type { Problem } from './api/problem.ts';
import { type AddedFeature, addedKey, featureOf } from './market/added-feature.ts';
import type { Interval } from './market/bars.ts';
import { type CatalogueFeature, readCatalogueFeature } from './market/catalogue.ts';
import { type ComputedFeature, createComputedFeature } from './market/computed-feature.ts';
import { createFeatureFeed } from './market/feature-feed.ts';
import type { HistoryState } from './market/history.ts';
import type { Market } from './market/market.ts';
import { settings } from './settings/settings.ts';
import { changeAdded } from './settings/shown-features.ts';
import { createStore, type Readable } from './store/store.ts';

export type CatalogueState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly features: readonly CatalogueFeature[] }
  | { readonly kind: 'failed'; readonly problem: Problem };

export const catalogueState = createStore<CatalogueState>({ kind: 'loading' });
/** The added features that are drawn, in the order in which they were added. */
export const computedFeatures = createStore<readonly ComputedFeature[]>([]);

/** Key of what was added last and has not been brought into sight yet. */
export const justAdded = createStore<string | null>(null);

/** Between two questions for what is new. */
const PERIOD_MS = { quotes: 2_000, '1s': 2_000, '1m': 5_000 } as const;
/** Nothing is ever new in a recording that was imported. */
const PERIOD_IMPORTED_MS = 30_000;
const SPAN_MS = 10 * 60_000;
const SPAN_MINUTES_MS = 6 * 3_600_000;

const RETRY_MS = 5_000;
let isLoading = false;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Loads the catalogue, once, however often that takes. What was added and is no longer in it is forgotten. */
export async function loadCatalogue(): Promise<void> {
  if (isLoading || catalogueState.get().kind === 'loaded') return;
  clearTimeout(retry);
  isLoading = true;
  const answer = await get('/features', itemsOf('features', readCatalogueFeature));
  isLoading = false;
  if (!answer.isOk) {
    catalogueState.set({ kind: 'failed', problem: answer.problem });
    retry = setTimeout(loadCatalogue, RETRY_MS);
    return;
  }
  catalogueState.set({ kind: 'loaded', features: answer.value });
  const { added } = settings.get();
  const possible = added.filter((feature) => featureOf(feature, answer.value) !== undefined);
  if (possible.length < added.length) changeAdded(possible);
}

/** Adds a feature to the charts. */
export function addFeature(added: AddedFeature, label: string): void {
  changeAdded([...settings.get().added, added]);
  justAdded.set(addedKey(added));
  announce(`${label} is added`);
}

export function removeFeature(key: string, label: string): void {
  changeAdded(settings.get().added.filter((added) => addedKey(added) !== key));
  announce(`${label} is removed`);
}

/** Keeps the values of what was added up while a market is shown; the answer ends that. */
export function followAdded(
  market: Market,
  state: { readonly history: Readable<HistoryState>; readonly connection: Readable<ConnectionState> },
): () => void {
  const open = new Map<string, ComputedFeature>();
  let isFollowing = true;

  function start(added: AddedFeature, feature: CatalogueFeature): ComputedFeature {
    const { name: instrument, isImported } = market.instrument;
    const feed = createFeatureFeed({
      instrument,
      added,
      outputs: feature.outputs.length,
      periodMs: isImported ? PERIOD_IMPORTED_MS : PERIOD_MS[added.interval ?? 'quotes'],
      firstMs: () => spanStart(market, added.interval, state.history.get()),
      isSeen: () => !document.hidden,
      onImpossible: () => changeAdded(settings.get().added.filter((other) => addedKey(other) !== addedKey(added))),
    });
    const computed = createComputedFeature({ added, feature, feed, lastPrice: () => lastPriceOf(market) });
    // Where it is drawn depends on whether it is a price, so the charts are told of that as of another feature.
    computed.prices.subscribe(() => isFollowing && computedFeatures.set([...open.values()]));
    return computed;
  }

  function reconcile(): void {
    const catalogue = catalogueState.get();
    if (catalogue.kind !== 'loaded') return;
    const wanted = new Map<string, ComputedFeature>();
    for (const added of settings.get().added) {
      const feature = featureOf(added, catalogue.features);
      if (feature === undefined || !added.isShown) continue;
      const key = addedKey(added);
      wanted.set(key, open.get(key) ?? start(added, feature));
    }
    for (const [key, computed] of open) if (!wanted.has(key)) computed.close();
    const isSame = wanted.size === open.size && [...wanted.keys()].every((key) => open.has(key));
    if (isSame) return;
    open.clear();
    for (const [key, computed] of wanted) open.set(key, computed);
    computedFeatures.set([...open.values()]);
  }

  function wake(): void {
    if (!document.hidden) for (const { feed } of open.values()) feed.wake();
  }

  function wakeWhenLive(): void {
    if (state.connection.get().kind !== 'live') return;
    void loadCatalogue();
    wake();
  }

  const leave = [
    settings.subscribe(reconcile),
    catalogueState.subscribe(reconcile),
    state.connection.subscribe(wakeWhenLive),
  ];
  document.addEventListener('visibilitychange', wake);
  computedFeatures.set([]);
  reconcile();
  return () => {
    isFollowing = false;
    document.removeEventListener('visibilitychange', wake);
    for (const end of leave) end();
    for (const computed of open.values()) computed.close();
    computedFeatures.set([]);
  };
}

/** Since when a chart shows values: as the samples of the stream do, or some hours of minutes; null before that is known. */
function spanStart(market: Market, interval: Interval | null, history: HistoryState): number | null {
  const isMinutes = interval === '1m';
  if (history[isMinutes ? 'bars 1m' : 'features'] === 'loading') return null;
  const newest = isMinutes ? market.bars['1m'].get().at(-1) : (market.bars['1s'].get().at(-1) ?? null);
  const newestMs = newest == null ? Date.now() : newest.timeS * 1_000;
  if (isMinutes) return newestMs - SPAN_MINUTES_MS;
  const first = market.samples.get()[0];
  return first === undefined ? newestMs - SPAN_MS : first.timeS * 1_000;
}

function lastPriceOf(market: Market): number | null {
  const last = market.lastPrice.get();
  return last === null ? (market.bars['1m'].get().at(-1)?.close ?? null) : Number(last.price);
}
