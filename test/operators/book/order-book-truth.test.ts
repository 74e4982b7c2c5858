import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bookLevels } from '../../../operators/book/book-levels.ts';
import { createOrderBook, evolveOrderBook } from '../../../operators/book/order-book.ts';
import { topOfBook } from '../../../operators/book/top-of-book.ts';
import type { DepthSnapshot } from '../../../streams/events/depth-snapshot.ts';
import type { DepthUpdate } from '../../../streams/events/depth-update.ts';
import { diff, type Level, seededRandom, snapshot } from '../market-events.ts';
import { naiveLevels } from './naive-book.ts';

const test = suite('operators/book/order-book-truth');

type Side = Map<number, number>;

/** A venue's true book after each update id, and what the venue would tell of it. */
interface Venue {
  /** Best first, ticks and steps in turn, as of an update id. */
  truth(id: number): { readonly bids: number[]; readonly asks: number[] };
  snapshot(id: number, limit: number): DepthSnapshot;
  /** The levels that changed behind `pu` up to `u`, with the quantities as of `u`. */
  diff(pu: number, u: number): DepthUpdate;
}

interface Change {
  readonly side: 'bids' | 'asks';
  readonly tick: number;
  readonly steps: number;
}

/** A price that walks far, levels that come and go around it, never a crossed book; the same for the same seed. */
function createVenue(seed: number, updates: number): Venue {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const book = { bids: new Map<number, number>(), asks: new Map<number, number>() };
  const history: (readonly [bids: Side, asks: Side])[] = [];
  const changes: Change[] = [];
  let middle = 500_000;
  const set = (change: Change): void => {
    if (change.steps === 0) book[change.side].delete(change.tick);
    else book[change.side].set(change.tick, change.steps);
    changes.push(change);
    history.push([new Map(book.bids), new Map(book.asks)]);
  };
  for (let away = 1; away <= 30; away++) {
    set({ side: 'bids', tick: middle - away, steps: 1 + below(90) });
    set({ side: 'asks', tick: middle + away, steps: 1 + below(90) });
  }
  while (changes.length < updates) {
    if (random() < 0.3) middle += below(9) - 4;
    const crossing = [...book.bids.keys()]
      .filter((tick) => tick >= middle)
      .map((tick) => ({ side: 'bids', tick }) as const);
    const crossed = [...book.asks.keys()]
      .filter((tick) => tick <= middle)
      .map((tick) => ({ side: 'asks', tick }) as const);
    for (const level of [...crossing, ...crossed]) set({ ...level, steps: 0 });
    const side = random() < 0.5 ? 'bids' : 'asks';
    const away = 1 + below(random() < 0.05 ? 300 : 12);
    const tick = side === 'bids' ? middle - away : middle + away;
    set({ side, tick, steps: random() < 0.35 ? 0 : 1 + below(90) });
  }
  const at = (id: number) => history[id - 1]!;
  return {
    truth: (id) => ({ bids: naiveLevels(at(id)[0], true), asks: naiveLevels(at(id)[1], false) }),
    snapshot(id, limit) {
      const pairs = (values: number[]): Level[] =>
        Array.from({ length: Math.min(limit, values.length / 2) }, (_, n) => [values[2 * n]!, values[2 * n + 1]!]);
      const { bids, asks } = this.truth(id);
      return snapshot(id, pairs(bids), pairs(asks));
    },
    diff(pu, u) {
      const touched = changes.slice(pu, u);
      const levels = (side: 'bids' | 'asks', now: Side): Level[] =>
        [...new Set(touched.filter((change) => change.side === side).map(({ tick }) => tick))].map((tick) => [
          tick,
          now.get(tick) ?? 0,
        ]);
      return diff([pu, u], levels('bids', at(u)[0]), levels('asks', at(u)[1]));
    },
  };
}

const UPDATES = 3_000;
const LIMIT = 20;

for (let seed = 1; seed <= 12; seed++)
  test(`where it says that it is valid, the book is the venue's own (seed ${seed})`, () => {
    const random = seededRandom(1_000 + seed);
    const below = (limit: number): number => Math.floor(random() * limit);
    const venue = createVenue(seed, UPDATES);
    const book = createOrderBook();
    const counts = { valid: 0, invalid: 0, bestWrong: 0 };
    let last = 60;
    while (last < UPDATES - 100) {
      // Diffs of any size; some are lost; a snapshot comes early, late, or as of an id inside a diff.
      const u = last + 1 + below(12);
      const isLost = random() < 0.01;
      if (!isLost) evolveOrderBook(book, venue.diff(last, u));
      last = u;
      const wants = book.invalidity === null ? 0.01 : 0.2;
      if (random() < wants) evolveOrderBook(book, venue.snapshot(Math.max(1, last + below(60) - 40), LIMIT));
      if (book.invalidity !== null) {
        counts.invalid++;
        continue;
      }
      counts.valid++;
      assert.ok(book.updateId <= last);
      const { bids, asks } = venue.truth(book.updateId);
      const { bidTicks, bidSteps, askTicks, askSteps, ...top } = topOfBook(book)!;
      assert.equal([bidTicks, bidSteps, askTicks, askSteps], [bids[0], bids[1], asks[0], asks[1]]);
      assert.is(top.updateId, book.updateId);
      const known = bookLevels(book, 1_000);
      const told = (ticks: Float64Array, steps: Float64Array, isKnown: (tick: number) => boolean) =>
        [...ticks].flatMap((tick, n) => (isKnown(tick) ? [tick, steps[n]!] : []));
      const true_ = (values: number[], isKnown: (tick: number) => boolean) =>
        values.filter((_, n) => isKnown(values[n - (n % 2)]!));
      const isKnownBid = (tick: number): boolean => tick >= book.knownBidTick;
      const isKnownAsk = (tick: number): boolean => tick <= book.knownAskTick;
      assert.equal(told(known.bidTicks, known.bidSteps, isKnownBid), true_(bids, isKnownBid), 'bids that are known');
      assert.equal(told(known.askTicks, known.askSteps, isKnownAsk), true_(asks, isKnownAsk), 'asks that are known');
    }
    assert.ok(counts.valid > 50, `valid after ${counts.valid} events, invalid after ${counts.invalid}`);
  });

test.run();
