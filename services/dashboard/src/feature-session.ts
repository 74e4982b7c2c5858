import { announce } from './announcer.ts';
import { get } from './api/client.ts';
import type { ConnectionState } from './api/connection.ts';
import { fieldsOf, isObject } from './api/fields.ts';
import type { Problem } from './api/problem.ts';
import { createCustomStream } from './custom-stream.ts';
import { type AddedFeature, addedKey, featureOf } from './market/added-feature.ts';
import type { Interval } from './market/bars.ts';
import { type CatalogueFeature, readCatalogueFeature } from './market/catalogue.ts';
import { type ComputedFeature, createComputedFeature } from './market/computed-feature.ts';
import { readCustomFeatures } from './market/custom-feature.ts';
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
/** Nothing is ever new in a recording that was imported, and what is new of custom features is streamed. */
const PERIOD_SELDOM_MS = 30_000;
/** What is not folded from bars is computed from the log itself, which takes a while. */
const SPAN_MS = 15 * 60_000;
const SPAN_MINUTES_MS = 6 * 3_600_000;

const RETRY_MS = 5_000;
let isLoading = false;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Loads the catalogue, once, however often that takes. What was added and is no longer in it is forgotten. */
export async function loadCatalogue(): Promise<void> {
  if (isLoading || catalogueState.get().kind === 'loaded') return;
  clearTimeout(retry);
  isLoading = true;
  const answer = await get('/features', readCatalogue);
  isLoading = false;
  if (!answer.isOk) {
    catalogueState.set({ kind: 'failed', problem: answer.problem });
    retry = setTimeout(loadCatalogue, RETRY_MS);
    return;
  }
  catalogueState.set({ kind: 'loaded', features: answer.value });
  const { added } = settings.get();
  const possible = added.filter((one) => one.isCustom || featureOf(one, answer.value) !== undefined);
  if (possible.length < added.length) changeAdded(possible);
}

function readCatalogue(body: unknown): CatalogueFeature[] {
  const fields = fieldsOf('features', body);
  const custom = fields.raw('custom') === undefined ? [] : fields.list('custom');
  customText = JSON.stringify(custom.map(statedOf));
  return [...fields.list('items').map(readCatalogueFeature), ...readCustomFeatures(custom)];
}

/** Custom features as they were told of last, without what changes all the time. */
let customText = '[]';

function statedOf(custom: unknown): unknown {
  return isObject(custom) ? { ...custom, rows: undefined } : custom;
}

/** Takes in how custom features stand, as the service that runs them says each second: one may come, change or be switched off. */
export function takeCustomFeatures(told: readonly unknown[]): void {
  const catalogue = catalogueState.get();
  const text = JSON.stringify(told.map(statedOf));
  if (catalogue.kind !== 'loaded' || text === customText) return;
  customText = text;
  const others = catalogue.features.filter(({ custom }) => custom === null);
  catalogueState.set({ kind: 'loaded', features: [...others, ...readCustomFeatures(told)] });
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
  const stream = createCustomStream(market.instrument.name);

  function start(added: AddedFeature, feature: CatalogueFeature): ComputedFeature {
    const { name: instrument, isImported } = market.instrument;
    const feed = createFeatureFeed({
      instrument,
      added,
      outputs: feature.outputs.length,
      periodMs: isImported || feature.custom !== null ? PERIOD_SELDOM_MS : PERIOD_MS[added.interval ?? 'quotes'],
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
      const isOfItself = added.other === market.instrument.name;
      if (feature === undefined || !added.isShown || isOfItself || feature.custom?.set === null) continue;
      const key = addedKey(added);
      const running = open.get(key);
      const isSame = running !== undefined && setHashOf(running.feature) === setHashOf(feature);
      wanted.set(key, isSame ? running : start(added, feature));
    }
    for (const [key, computed] of open) if (wanted.get(key) !== computed) computed.close();
    const isSame = wanted.size === open.size && [...wanted].every(([key, computed]) => open.get(key) === computed);
    if (isSame) return;
    open.clear();
    for (const [key, computed] of wanted) open.set(key, computed);
    computedFeatures.set([...open.values()]);
    stream.follow([...open.values()]);
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
    stream.close();
    computedFeatures.set([]);
  };
}

/** A custom feature whose file has changed is another one. */
function setHashOf({ custom }: CatalogueFeature): string | null {
  return custom?.set?.hash ?? null;
}

/** Since when a chart shows values: some minutes of seconds, or some hours of minutes; null before that is known. */
function spanStart(market: Market, interval: Interval | null, history: HistoryState): number | null {
  const isMinutes = interval === '1m';
  if (history[isMinutes ? 'bars 1m' : 'features'] === 'loading') return null;
  const newest = isMinutes ? market.bars['1m'].get().at(-1) : (market.bars['1s'].get().at(-1) ?? null);
  const newestMs = newest == null ? Date.now() : newest.timeS * 1_000;
  return newestMs - (isMinutes ? SPAN_MINUTES_MS : SPAN_MS);
}

function lastPriceOf(market: Market): number | null {
  const last = market.lastPrice.get();
  return last === null ? (market.bars['1m'].get().at(-1)?.close ?? null) : Number(last.price);
}
