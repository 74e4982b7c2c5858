import { hash32, type Random, random } from '../random.ts';
import { freshPoint, randomPoint } from './fresh-point.ts';
import { drawFrom, logDensity, type ParzenWindow, parzenWindow } from './parzen-window.ts';
import { checkTrials, defineSearch, type SearchHistory, withLosses } from './search.ts';
import { checkSpace, pointKey, type SearchDimension, type SearchPoint, shareOf, valueAt } from './search-space.ts';

/** Suggested together, from the same losses: enough for as many workers, few enough to learn from. */
const BATCH = 8;
/** Drawn evenly before it knows enough to choose. */
const STARTUP = 16;
/** Of the trials, but no more than 25, count as good. */
const GOOD_SHARE = 0.2;
const GOOD_MAX = 25;
/** Drawn from the good ones; the most promising is taken. */
const CANDIDATES = 24;

interface Windows {
  readonly good: ParzenWindow;
  readonly other: ParzenWindow;
}

/**
 * Tree-structured Parzen estimator over all dimensions together, so that it sees which go with each other: it draws where
 * good trials lie close, and takes what is likelier among them than among the others, arg max l(x) / g(x).
 * @see Bergstra, Bardenet, Bengio & Kégl (2011), "Algorithms for Hyper-Parameter Optimization", NIPS 24; for dimensions
 * together Falkner, Klein & Hutter (2018), "BOHB", ICML.
 */
export const TPE_SEARCH = defineSearch<SearchHistory>({
  name: 'tpe',
  says: `where good trials lie close and others do not (tree-structured Parzen estimator), after ${STARTUP} drawn evenly`,
  initialState(options) {
    checkSpace(options.space);
    checkTrials(options.trials);
    return { ...options, observations: [] };
  },
  suggest: promisingPoints,
  observe: (history, losses) => withLosses(history, promisingPoints(history), losses),
});

function promisingPoints(history: SearchHistory): SearchPoint[] {
  const { space, trials, seed, observations } = history;
  const seen = new Set(observations.map(({ point }) => pointKey(point)));
  const isStart = observations.length < STARTUP;
  const windows = isStart ? undefined : windowsOf(history);
  const count = Math.min(trials - observations.length, isStart ? STARTUP : BATCH);
  const points: SearchPoint[] = [];
  while (points.length < count) {
    const chance = random(hash32(seed, 'tpe search', observations.length + points.length));
    const draw = (): SearchPoint =>
      windows === undefined ? randomPoint(space, chance.uniform) : promisingPoint(space, windows, chance);
    const point = freshPoint(space, seen, draw, chance.uniform);
    if (point === undefined) break;
    seen.add(pointKey(point));
    points.push(point);
  }
  return points;
}

function windowsOf({ space, observations }: SearchHistory): Windows {
  const sorted = [...observations].sort((one, other) => compare(one.loss, other.loss));
  const goodCount = Math.min(GOOD_MAX, Math.ceil(GOOD_SHARE * sorted.length));
  const shares = sorted.map(({ point }) => space.map((dimension, n) => shareOf(dimension, point[n]!)));
  const [good, other] = [shares.slice(0, goodCount), shares.slice(goodCount)];
  return { good: parzenWindow(good, space.length), other: parzenWindow(other, space.length) };
}

/** Infinite losses are equal, and their difference would be NaN. */
function compare(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function promisingPoint(space: readonly SearchDimension[], { good, other }: Windows, chance: Random): SearchPoint {
  const cells = space.map(cellOf);
  let best: { readonly point: SearchPoint; readonly gain: number } | undefined;
  for (let n = 0; n < CANDIDATES; n++) {
    const drawn = drawFrom(good, chance);
    const point = space.map((dimension, k) => valueAt(dimension, drawn[k]!));
    const shares = space.map((dimension, k) => shareOf(dimension, point[k]!));
    const gain = logDensity(good, shares, cells) - logDensity(other, shares, cells);
    if (best === undefined || gain > best.gain) best = { point, gain };
  }
  return best!.point;
}

/** Width of a step in shares; 0 where there is none, or it is not the same everywhere. */
function cellOf({ step, least, most, isLog }: SearchDimension): number {
  return step === null || isLog || most === least ? 0 : step / (most - least);
}
