import { hash32, random } from '../random.ts';
import { freshPoint, randomPoint } from './fresh-point.ts';
import { checkTrials, defineSearch, type SearchHistory, withLosses } from './search.ts';
import { checkSpace, pointKey, type SearchPoint } from './search-space.ts';

/**
 * Points drawn evenly, none twice.
 * @see Bergstra & Bengio (2012), "Random Search for Hyper-Parameter Optimization", JMLR 13.
 */
export const RANDOM_SEARCH = defineSearch<SearchHistory>({
  name: 'random',
  says: 'points drawn evenly, none twice',
  initialState(options) {
    checkSpace(options.space);
    checkTrials(options.trials);
    return { ...options, observations: [] };
  },
  suggest: (history) => (history.observations.length > 0 ? [] : drawnPoints(history)),
  observe: (history, losses) => withLosses(history, drawnPoints(history), losses),
});

function drawnPoints({ space, trials, seed }: SearchHistory): SearchPoint[] {
  const { uniform } = random(hash32(seed, 'random search'));
  const seen = new Set<string>();
  const points: SearchPoint[] = [];
  while (points.length < trials) {
    const point = freshPoint(space, seen, () => randomPoint(space, uniform), uniform);
    if (point === undefined) break;
    seen.add(pointKey(point));
    points.push(point);
  }
  return points;
}
