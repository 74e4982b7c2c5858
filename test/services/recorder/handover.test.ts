import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventFrame } from '../../../services/recorder/frame.ts';
import { createHandover } from '../../../services/recorder/handover.ts';
import { topicsOf } from '../../../services/recorder/topics.ts';
import { parseInstrument } from '../../../streams/instrument.ts';

const test = suite('services/recorder/handover');

const topics = topicsOf([parseInstrument('simulated:BTCUSDT')], '100ms');

function frame(
  channel: string,
  sequence: number,
  predecessor?: number,
  payload = `${channel} ${sequence}`,
): EventFrame {
  const topic = topics.find((item) => item.channel === channel)!;
  return { kind: 'event', topic, payload, facts: { error: undefined, event: '', symbol: '', sequence, predecessor } };
}

const lastOf = (...frames: EventFrame[]) => new Map(frames.map((item) => [item.topic.stream, item]));

test('waits until the old socket reaches the first diff of the new one, then repeats nothing', () => {
  const handover = createHandover();
  for (const [u, pu] of [
    [30, 20],
    [40, 30],
    [50, 40],
  ] as const)
    handover.push({ frame: frame('depth', u, pu), receiveTimeUs: u }, 0);
  assert.is(handover.isJoined(lastOf(frame('depth', 10, 0)), 100), false, '20 is still to come');
  const last = lastOf(frame('depth', 40, 30));
  assert.is(handover.isJoined(last, 100), true);
  assert.equal(
    handover.release(last).map((kept) => kept.frame.facts.sequence),
    [50],
  );
});

test('joins where the new socket begins exactly behind the old one', () => {
  const handover = createHandover();
  handover.push({ frame: frame('aggTrade', 8, 7), receiveTimeUs: 0 }, 0);
  const last = lastOf(frame('aggTrade', 7, 6));
  assert.is(handover.isJoined(last, 0), true);
  assert.is(handover.release(last).length, 1);
});

test('every stream must join, but one that is silent on the old socket is not waited for', () => {
  const handover = createHandover();
  handover.push({ frame: frame('aggTrade', 8, 7), receiveTimeUs: 0 }, 0);
  handover.push({ frame: frame('markPrice', 5_000), receiveTimeUs: 0 }, 0);
  const last = lastOf(frame('aggTrade', 9, 8));
  assert.is(handover.isJoined(last, 4_000), false);
  assert.is(handover.isJoined(last, 5_001), true);
  assert.equal(
    handover.release(last).map((kept) => kept.frame.topic.channel),
    ['markPrice'],
  );
});

test('two different klines of one event time both pass, the same one does not', () => {
  const handover = createHandover();
  handover.push({ frame: frame('kline_1m', 7, undefined, 'closed'), receiveTimeUs: 0 }, 0);
  handover.push({ frame: frame('kline_1m', 7, undefined, 'opened'), receiveTimeUs: 0 }, 0);
  const kept = handover.release(lastOf(frame('kline_1m', 7, undefined, 'closed')));
  assert.equal(
    kept.map((item) => item.frame.payload),
    ['opened'],
  );
});

test.run();
