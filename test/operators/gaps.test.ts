import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type GapInput, type GapSpan, gaps } from '../../operators/gaps.ts';
import type { MarketEvent } from '../../streams/events/decoder.ts';
import { testProjectionContract } from '../support/projection-contract.ts';
import { diff, gap, snapshot, trade } from './market-events.ts';

const test = suite('operators/gaps');

/** An event in the log; its entry is named by its receive time. */
function at(receiveTimeUs: number, channel: string, event: MarketEvent, isBookValid = true): GapInput {
  return { logged: { entryId: `${receiveTimeUs}-0`, index: 2, receiveTimeUs, channel, event }, isBookValid };
}
const aggTrade = (us: number) => at(us, 'aggTrade', trade(us, 1, 1));
const depth = (us: number, isBookValid: boolean) => at(us, 'depth', diff([us, us + 1]), isBookValid);
const gapOf = (us: number, channel: string, isBookValid = true) => at(us, 'gap', gap(channel), isBookValid);

function told(...inputs: GapInput[]): GapSpan[] {
  let state = gaps.initialState();
  return inputs.flatMap((input) => {
    state = gaps.evolve(state, input);
    return gaps.project(state, input) ?? [];
  });
}
const short = ({ channel, entryId, fromTimeUs, toTimeUs, closedBy }: GapSpan): string =>
  `${channel} ${entryId} from ${fromTimeUs} to ${toTimeUs} ${closedBy}`;

testProjectionContract(test, 'gaps', {
  projection: gaps,
  events: () => [
    aggTrade(1),
    depth(2, false),
    gapOf(3, 'aggTrade', false),
    gapOf(4, 'depth', false),
    aggTrade(5),
    depth(6, true),
    gapOf(7, 'x'),
  ],
  firstOutput: 2,
});

test('is told when it opens, with what is known of it', () => {
  const opened = at(300, 'gap', {
    type: 'gap',
    channel: 'aggTrade',
    expected: '5',
    found: '9',
    reason: 'refill-failed',
  });
  assert.equal(told(aggTrade(100), opened), [
    {
      channel: 'aggTrade',
      reason: 'refill-failed',
      expected: '5',
      found: '9',
      entryId: '300-0',
      index: 2,
      receiveTimeUs: 300,
      fromTimeUs: 100,
      toTimeUs: null,
      closedBy: 'open',
    },
  ]);
});

test('begins at the last event of its channel, or where it was found if there was none', () => {
  assert.equal(told(aggTrade(100), depth(200, true), aggTrade(250), gapOf(300, 'depth')).map(short), [
    'depth 300-0 from 200 to null open',
  ]);
  assert.equal(told(aggTrade(100), gapOf(300, 'markPrice')).map(short), ['markPrice 300-0 from 300 to null open']);
});

test('is closed by the next event of its channel, and by no other', () => {
  assert.equal(told(aggTrade(100), gapOf(300, 'aggTrade'), depth(400, true), aggTrade(500), aggTrade(600)).map(short), [
    'aggTrade 300-0 from 100 to null open',
    'aggTrade 300-0 from 100 to 500 next-event',
  ]);
});

test('one of depth is closed by what makes the book valid again, not by the next diff', () => {
  const lines = told(
    depth(100, true),
    gapOf(300, 'depth', false),
    depth(400, false),
    aggTrade(450),
    at(500, 'depthSnapshot', snapshot(1, [], []), true),
    depth(600, true),
  ).map(short);
  // At 450 the book is said to be valid: in the log nothing but depth changes that, here it shows who decides.
  assert.equal(lines, ['depth 300-0 from 100 to null open', 'depth 300-0 from 100 to 450 snapshot']);
});

test('several of a channel are closed together, each with its own identity', () => {
  const lines = told(
    aggTrade(100),
    gapOf(300, 'aggTrade'),
    gapOf(310, 'aggTrade'),
    gapOf(320, 'depth', false),
    aggTrade(500),
  ).map(short);
  assert.equal(lines, [
    'aggTrade 300-0 from 100 to null open',
    'aggTrade 310-0 from 100 to null open',
    'depth 320-0 from 320 to null open',
    'aggTrade 300-0 from 100 to 500 next-event',
    'aggTrade 310-0 from 100 to 500 next-event',
    'depth 320-0 from 320 to 500 snapshot',
  ]);
});

test('a gap event is no event of its channel, and closes nothing', () => {
  assert.equal(told(gapOf(300, 'depth', true), gapOf(400, 'gap', true)).length, 2);
});

test.run();
