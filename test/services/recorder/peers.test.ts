import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createPeers } from '../../../services/recorder/peers.ts';

const test = suite('services/recorder/peers');

const I = 'simulated:BTCUSDT';
const beat = (id: string, timeMs: number, channels = ['markPrice']) =>
  JSON.stringify({ id, timeMs, live: { [I]: channels } });

function peersAt(startMs: number) {
  const clock = { nowMs: startMs };
  return { clock, peers: createPeers('self', () => clock.nowMs) };
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
  idle.peers.saw(beat('idle', 1, []));
  assert.is(idle.peers.isUndecided(), false, 'one that receives nothing is not waited for');
  const dead = peersAt(0);
  dead.peers.saw(beat('crashed', 1));
  dead.clock.nowMs = 1_601;
  assert.is(dead.peers.isUndecided(), false);
});

test('our own heartbeat, none at all and nonsense are passed over', () => {
  const { peers } = peersAt(0);
  for (const text of [beat('self', 1), beat('self', 2), null, '', '{', '[]', '{"id":1}', '{"id":"x","timeMs":1}'])
    peers.saw(text);
  assert.is(peers.covers(I, 'markPrice'), false);
  assert.is(peers.isUndecided(), false);
});

test.run();
