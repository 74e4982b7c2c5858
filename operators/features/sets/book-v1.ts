import { BOOK_IMBALANCE } from '../book-imbalance.ts';
import { BOOK_SLOPE } from '../book-slope.ts';
import { DEPTH_BPS } from '../depth-bps.ts';
import { DEPTH_LEVELS } from '../depth-levels.ts';
import { MICROPRICE } from '../microprice.ts';
import { MIDPRICE } from '../midprice.ts';
import { QUEUE_IMBALANCE } from '../queue-imbalance.ts';
import { QUOTED_SPREAD } from '../quoted-spread.ts';
import { QUOTED_SPREAD_BPS } from '../quoted-spread-bps.ts';
import { resolveFeatureSet } from '../resolve-feature-set.ts';
import { STOIKOV_MICROPRICE } from '../stoikov-microprice.ts';
import { WEIGHTED_BOOK_IMBALANCE } from '../weighted-book-imbalance.ts';

/** The shape of the order book: all features of the group. */
export const BOOK_V1 = resolveFeatureSet({
  name: 'book',
  version: 1,
  says: 'the shape of the order book, at each change of it',
  clock: { kind: 'time', intervalMs: 60_000 },
  sampling: 'quotes',
  features: [
    BOOK_IMBALANCE,
    BOOK_SLOPE,
    DEPTH_BPS,
    DEPTH_LEVELS,
    MICROPRICE,
    MIDPRICE,
    QUEUE_IMBALANCE,
    QUOTED_SPREAD,
    QUOTED_SPREAD_BPS,
    STOIKOV_MICROPRICE,
    WEIGHTED_BOOK_IMBALANCE,
  ].map((feature) => ({ feature })),
});
