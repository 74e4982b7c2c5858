import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../operators/random.ts';
import { sessionDrift } from '../../../services/trader/drift/model-drift.ts';
import { writeModel } from '../../../services/trainer/model/model-folder.ts';
import { MODEL_PREFIX } from '../../../services/trainer/model/model-strategy.ts';
import { smallBookModel } from '../trainer/model/small-book-model.ts';

const test = suite('services/trader/session-drift');
const home = mkdtempSync(join(tmpdir(), 'don-session-drift-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

/** Of a model whose test had 60 returns of a second, in a session of which so many seconds were decided on. */
function performance(equities: readonly number[]) {
  const { tested } = smallBookModel();
  const { normal } = random(1);
  const returns = Array.from({ length: 60 }, () => 0.0001 + 0.002 * normal());
  const model = smallBookModel({ tested: { ...tested, returns, model: { ...tested.model, periodMs: 1_000 } } });
  const opened = {
    session: '1-0',
    tradesFromUs: 0,
    settings: { strategy: MODEL_PREFIX + writeModel(home, model), balance: 100 },
  };
  const stored = equities.map((equity, n) =>
    JSON.stringify({ type: 'decided', timeUs: 1_000_000 * (n + 1), equity, observation: [0, 0] }),
  );
  return sessionDrift('paper', { opened, stored, closed: null } as never, home);
}

test('a session that is longer than the test is held against it by its end', () => {
  // It gained as its test did, a while, and then nothing for two minutes.
  const gained = Array.from({ length: 600 }, (_, n) => 100 * (1 + Math.min(n, 480) / 10_000));
  const { performance: idle, alarms } = performance(gained);
  assert.equal([idle.periods, idle.found, idle.verdict], [60, 0, 'usual']);
  assert.equal(alarms, []);
  const lost = performance([...gained, ...Array.from({ length: 60 }, (_, n) => 104.8 - n / 5)]);
  assert.equal([lost.performance.periods, lost.performance.verdict], [60, 'drifted']);
  assert.is(lost.performance.found.toFixed(9), (93 / 104.8 - 1).toFixed(9));
  assert.match(lost.alarms[0]!, /loses more than its test lets expect: -11\.26 % in 60 periods/);
});

test('of a shorter one all counts, from the balance that it began with', () => {
  const { performance: short } = performance([99, 99, 99, 99, 99, 99, 98, 98]);
  assert.equal([short.periods, short.found.toFixed(9)], [7, '-0.020000000']);
  assert.is(short.verdict, 'drifted');
  assert.equal([performance([]).performance.periods, performance([]).performance.found], [0, 0]);
});

test.run();
