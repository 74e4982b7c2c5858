import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createPeers } from '../../../services/recorder/peers.ts';

const test = suite('services/recorder/peers');

const I = 'simulated:BTCUSDT';
const beat = (id: string, timeMs: number, liveForMs: Readonly<Record<string, number>> = { markPrice: 500 }) =>
  JSON.stringify({ id, timeMs, live: { [I]: liveForMs } });

function peersAt(startMs: number) {
  const clock = { nowMs: startMs };
  return { clock, peers: createPeers('self', { nowMs: () => clock.nowMs }) };
}

test('a heartbeat found on starting proves nothing, the next one does', () => {
  const { clock, peers } = peersAt(0);
  peers.saw(beat('other', 1));
  assert.is(peers.covers(I, 'markPrice'), false);
  assert.is(peers.isUndecided(), true);
  peers.saw(beat('other', 1));
  assert.is(peers.covers(I, 'markPrice'), false, 'the same heartbeat seen twice');
  clock.nowMs = 1_000;
  peers.saw(beat('other', 1_001));
  assert.is(peers.covers(I, 'markPrice'), true);
  assert.is(peers.covers(I, 'bookTicker'), false, 'a channel that it does not receive');
  assert.is(peers.covers('simulated:ETHUSDT', 'markPrice'), false);
  assert.is(peers.isUndecided(), false);
});

test('a recorder that is not heard of any more covers nothing, and is decided about', () => {
  const { clock, peers } = peersAt(0);
  peers.saw(beat('other', 1));
  peers.saw(beat('other', 2));
  clock.nowMs = 1_601;
  assert.is(peers.covers(I, 'markPrice'), false);
  const idle = peersAt(0);
  idle.peers.saw(beat('idle', 1, {}));
  assert.is(idle.peers.isUndecided(), false, 'one that receives nothing is not waited for');
  const dead = peersAt(0);
  dead.peers.saw(beat('crashed', 1));
  dead.clock.nowMs = 1_601;
  assert.is(dead.peers.isUndecided(), false);
});

test('a recorder that was away itself meanwhile covers nothing of that time', () => {
  const { clock, peers } = peersAt(10_000);
  peers.saw(beat('other', 1, { markPrice: 4_000 }));
  clock.nowMs = 11_000;
  peers.saw(beat('other', 2, { markPrice: 5_000 }));
  assert.is(peers.covers(I, 'markPrice', 6_000), true);
  assert.is(peers.covers(I, 'markPrice', 5_999), false);
  // It was cut for less than the time between two heartbeats: both say that it is live.
  clock.nowMs = 12_000;
  peers.saw(beat('other', 3, { markPrice: 300 }));
  assert.is(peers.covers(I, 'markPrice'), true);
  assert.is(peers.covers(I, 'markPrice', 11_500), false);
  assert.is(peers.covers(I, 'markPrice', 11_700), true);
});

test('our own heartbeat, none at all and nonsense are passed over', () => {
  const { peers } = peersAt(0);
  for (const text of [
    beat('self', 1),
    beat('self', 2),
    null,
    '',
    '{',
    '[]',
    '{"id":1}',
    '{"id":"x","timeMs":1}',
    beat('x', 2, { markPrice: 'y' as unknown as number }),
  ])
    peers.saw(text);
  assert.is(peers.covers(I, 'markPrice'), false);
  assert.is(peers.isUndecided(), false);
});

test.run();
