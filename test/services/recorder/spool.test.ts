import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSpool } from '../../../services/recorder/spool.ts';

const test = suite('services/recorder/spool');

function spoolOf(charactersMax: number, eventsMax: number) {
  const filled: number[] = [];
  let fulls = 0;
  const spool = createSpool({
    charactersMax,
    eventsMax,
    onFilling: (fill) => filled.push(Math.round(fill * 100)),
    onFull: () => fulls++,
  });
  return { spool, filled, fulls: () => fulls };
}

test('warns at each tenth from a half upwards, and is full once', () => {
  const { spool, filled, fulls } = spoolOf(1_000_000, 100);
  for (let i = 0; i < 99; i++) spool.add(1);
  assert.equal(filled, [50, 60, 70, 80, 90]);
  assert.is(fulls(), 0);
  spool.add(1);
  spool.add(1);
  assert.is(fulls(), 1);
});

test('the fuller limit counts', () => {
  const { spool, fulls } = spoolOf(1_000, 1_000);
  spool.add(999);
  assert.is(fulls(), 0);
  spool.add(1);
  assert.is(fulls(), 1);
  assert.is(spool.events(), 2);
});

test('warns anew after it was drained', () => {
  const { spool, filled } = spoolOf(1_000_000, 10);
  for (let i = 0; i < 6; i++) spool.add(1);
  spool.remove(6, 6);
  assert.is(spool.fill(), 0);
  for (let i = 0; i < 5; i++) spool.add(1);
  assert.equal(filled, [50, 60, 50]);
});

test.run();
