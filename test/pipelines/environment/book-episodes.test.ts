import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BookActions } from '../../../pipelines/environment/book-actions.ts';
import type { BookInfo } from '../../../pipelines/environment/book-environment-options.ts';
import { noNormalisation } from '../../../pipelines/environment/normalisation.ts';
import { DEPTH_UPDATE, type Tape, TRADE } from '../../../streams/tape/tape.ts';
import { says } from '../../support/says.ts';
import { handWritten, tapesOf } from '../simulation/small-tapes.ts';
import { bookEnvironment, bookTape, madeTapes, type SmallOptions } from './book-market.ts';

const test = suite('pipelines/environment/book-environment, episodes');

/** A diff each 50 ms from 1.1 s to 3.1 s, received 5 ms later, but for a hole at 2 s, behind which a snapshot comes at 2.16 s. */
function holed(): Tape[] {
  const log = handWritten();
  for (let atMs = 1_100; atMs <= 3_100; atMs += 50) {
    if (atMs === 2_000) log.gap(2_000);
    else log.depth(atMs, atMs + 5, [[1_000, atMs]]);
    if (atMs !== 2_150) continue;
    const { u } = JSON.parse(log.events.at(-1)!.payload.toString());
    const [bids, asks] = [[['100.00', '0.010']], [['100.20', '0.010']]];
    const payload = JSON.stringify({ lastUpdateId: u, E: atMs, T: atMs, bids, asks });
    log.events.push({ channel: 'depthSnapshot', payload, receiveTimeUs: 2_160_000 });
  }
  return tapesOf(log.events);
}

const TAPE = bookTape(holed(), { startEveryMs: 300 });
const first = { begin: 'first' } as const;

/** When an episode begins, ms, how many steps it has, why and when it ends, and whether the book is valid there. */
function endOf(options: SmallOptions, seed = 1) {
  const environment = bookEnvironment(TAPE, { actions: { type: 'flat-long-short' }, ...options });
  const { timeMs } = environment.reset({ seed }).info as BookInfo;
  for (let steps = 1; ; steps++) {
    const { truncated, info, observation } = environment.step(0);
    if (truncated) return [timeMs, steps, info['end'], info['timeMs'], observation[0]];
  }
}

test('an episode ends at its greatest length, at the end of the data, and before what is missing', () => {
  assert.equal(endOf({ episode: first }), [1_200, 7, 'invalid', 1_900, 1]);
  assert.equal(endOf({ episode: { ...first, maxSteps: 3 } }), [1_200, 3, 'length', 1_500, 1]);
  assert.equal(endOf({ episode: { ...first, warmUpMs: 350 } }), [1_500, 4, 'invalid', 1_900, 1]);
  assert.equal(endOf({ episode: { ...first, mayCrossInvalid: true } }), [1_200, 19, 'data', 3_100, 1]);
  // Where there is room for the greatest length, which is behind the hole; where there is none, anywhere.
  assert.equal(endOf({ episode: { ...first, maxSteps: 8 } }), [2_300, 8, 'data', 3_100, 1]);
  assert.equal(endOf({ episode: { ...first, maxSteps: 9 } }), [1_200, 7, 'invalid', 1_900, 1]);
});

test('episodes begin at any of the places of the tape', () => {
  const episode = { begin: 'random' } as const;
  const begun = Array.from({ length: 100 }, (_, seed) => endOf({ episode }, seed)[0]);
  assert.equal([...new Set(begun)].sort(), [1_200, 1_500, 1_800, 2_300, 2_600, 2_900]);
});

test('by the clock of events a decision is due after each so many, as far as the stretch goes', () => {
  // The first is right behind the event at which a run may begin: 18 diffs are before the hole, and 4 a step.
  assert.equal(endOf({ clock: { everyEvents: 4 }, episode: first }), [1_105, 4, 'invalid', 1_905, 1]);
  assert.equal(endOf({ clock: { everyEvents: 4 }, episode: { ...first, maxSteps: 2 } }), [
    1_105,
    2,
    'length',
    1_505,
    1,
  ]);
  const ofData = { ...first, warmUpMs: 100, mayCrossInvalid: true };
  assert.equal(endOf({ clock: { everyEvents: 10 }, episode: ofData }), [1_205, 3, 'data', 2_755, 1]);

  const [tape] = madeTapes({ seed: 5, events: 2_000, hasFaults: false }, Number.POSITIVE_INFINITY);
  const { kinds, receiveTimesUs } = tape!;
  const environment = bookEnvironment(bookTape([tape!]), { clock: { everyEvents: 9 }, episode: first });
  const timesMs = [environment.reset().info['timeMs']];
  for (let isOver = false; !isOver; ) {
    const { truncated, info } = environment.step(new Float32Array(4));
    timesMs.push(info['timeMs']);
    isOver = truncated;
  }
  const told = [...kinds].flatMap((kind, n) =>
    kind === TRADE || kind === DEPTH_UPDATE ? [receiveTimesUs[n]! / 1_000] : [],
  );
  const from = told.indexOf(timesMs[0] as number);
  const expected = told.slice(from).filter((_, n) => n % 9 === 0);
  assert.equal(timesMs, expected.slice(0, timesMs.length));
  assert.ok(expected.length - timesMs.length <= 1 && timesMs.length > 150, `${timesMs.length} of ${expected.length}`);
});

test('over a hole, where that is asked for, nothing is said of the book, and quotes are withdrawn', () => {
  const environment = bookEnvironment(TAPE, { episode: { ...first, mayCrossInvalid: true }, levels: 2 });
  environment.reset();
  const action = Float32Array.of(1, 1, 1, 1);
  const own = environment.observationNames.indexOf('own_bid_size');
  const seen: [unknown, number, number][] = [];
  for (let n = 0; n < 12; n++) {
    const { info, observation } = environment.step(action);
    seen.push([info['timeMs'], observation[0]!, observation[own]!]);
    const ofBook = [...observation].slice(1, 12);
    assert.is(
      ofBook.every((value) => value === 0),
      observation[0] === 0,
    );
  }
  assert.equal(seen.slice(6, 11), [
    [1_900, 1, 1],
    [2_000, 0, 1],
    [2_100, 0, 0],
    [2_200, 1, 0],
    [2_300, 1, 1],
  ]);
});

test('features are valid at the first decision, or there is none', () => {
  const tape = bookTape(madeTapes({ seed: 6, events: 2_000, hasFaults: false }));
  const features = [{ feature: 'signed_volume', parameters: { windowMs: 4_000 } }] as const;
  const environment = bookEnvironment(tape, { features, episode: first });
  const valid = environment.observationNames.indexOf('signed_volume_valid');
  assert.ok(valid > 0);
  assert.is(environment.reset().observation[valid], 1);
});

test('options that cannot be are refused by name', () => {
  const of = (options: SmallOptions) => () => bookEnvironment(TAPE, options);
  const act = (actions: BookActions) => of({ actions });
  const quotes = { type: 'quotes', maxOffsetTicks: 3, maxPosition: 1 } as const;
  const grid = { type: 'quote-grid', offsets: [[0, 0]], maxPosition: 1 } as const;
  assert.throws(of({ clock: { everyMs: 0 } }), says('clock, everyMs: expected a number above 0, found 0'));
  assert.throws(
    of({ clock: { everyEvents: 1.5 } }),
    says('clock, everyEvents: expected a whole number above 0, found 1.5'),
  );
  assert.throws(of({ levels: 0 }), says('observation, levels: expected a whole number from 1 to 1000, found 0'));
  assert.throws(
    act({ ...quotes, maxOffsetTicks: 0.5 }),
    says('actions, maxOffsetTicks: expected a whole number from 0, found 0.5'),
  );
  assert.throws(act({ ...quotes, maxPosition: 0 }), says('actions, maxPosition: expected a quantity above 0, found 0'));
  assert.throws(act({ ...grid, offsets: [] }), says('actions, offsets: expected at least one pair, found none'));
  assert.throws(
    act({ ...grid, offsets: [[0, -1]] }),
    says('actions, offsets: expected whole numbers from 0, or null, found -1'),
  );
  assert.throws(
    of({ episode: { ...first, maxSteps: 0 } }),
    says('episode, maxSteps: expected a number from 1, found 0'),
  );
  assert.throws(
    of({ episode: { ...first, warmUpMs: -1 } }),
    says('episode, warmUpMs: expected a number from 0, found -1'),
  );
  assert.throws(
    of({ episode: { ...first, warmUpMs: 5_000 } }),
    says('episode: expected a stretch with a valid book and room for a step after 5000 ms, found none'),
  );
  assert.throws(
    of({ normalisation: noNormalisation({ columns: ['other'] }) }),
    says('normalisation: expected the columns , found other'),
  );
  assert.throws(of({ size: { qty: 0.0001 } }), says('size, qty: expected a quantity of at least 0.001, found 0.0001'));
});

test.run();
