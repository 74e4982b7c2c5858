import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionOpened, TraderEvent } from '../../../../operators/ledger/ledger-event.ts';
import { haltedMs } from '../../../../services/trainer/registry/halted-ms.ts';

const test = suite('services/trainer/registry/halted-ms');
const FROM_MS = 1_000_000;
const TO_MS = 1_100_000;

/** Of a session to which commands came so long after it could trade, ms. */
function halted(
  commands: readonly (readonly ['halt' | 'resume' | 'stop', afterMs: number])[],
  isHalted = false,
): number {
  const opened = { type: 'sessionOpened', isHalted } as SessionOpened;
  const stored = commands.map(([command, afterMs], n) => {
    const afterEntryId = `${FROM_MS + afterMs}-0`;
    return JSON.stringify({
      type: 'commandTaken',
      commandId: `${n}`,
      command,
      flattens: false,
      afterEntryId,
    } satisfies TraderEvent);
  });
  return haltedMs({ opened, stored }, FROM_MS, TO_MS);
}

test('what lies between a halt and its resume counts, of each, and what was halted at the end', () => {
  assert.is(halted([]), 0);
  const twice = [
    ['halt', 10_000],
    ['resume', 15_000],
    ['halt', 40_000],
    ['resume', 41_000],
  ] as const;
  assert.is(halted(twice), 6_000);
  assert.is(halted([...twice, ['halt', 98_000], ['stop', 99_000]]), 8_000);
});

test('a halt that is said again goes on, and a resume of none is nothing', () => {
  const again = [
    ['resume', 5_000],
    ['halt', 10_000],
    ['halt', 12_000],
    ['resume', 15_000],
    ['resume', 20_000],
  ] as const;
  assert.is(halted(again), 5_000);
});

test('a session that begins halted is so from when on it could trade; commands from before or behind it are as at its ends', () => {
  assert.is(halted([], true), TO_MS - FROM_MS);
  assert.is(halted([['resume', 30_000]], true), 30_000);
  assert.is(
    halted([
      ['halt', -5_000],
      ['resume', 2_000],
      ['halt', 200_000],
    ]),
    2_000,
  );
});

test.run();
