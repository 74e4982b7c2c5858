import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BadInput } from '../../../infra/setup-error.ts';
import { loadStrategy } from '../../../services/backtest/load-strategy.ts';

const test = suite('services/backtest/load-strategy');

/** What is said of a strategy with these features; undefined: it is loaded. */
async function saidOf(features: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'don-strategy-'));
  const file = join(folder, 'mine.ts');
  writeFileSync(
    file,
    `import { defineStrategy, wholeNumber } from 'don/strategy';
    export default defineStrategy({
      name: 'mine', title: '', says: '', events: [], create: () => ({}),
      parameters: { period: wholeNumber('bars', { default: 3, says: 'window' }) },
      features: ${features},
    });`,
  );
  try {
    await loadStrategy(file);
    return undefined;
  } catch (error) {
    assert.instance(error, BadInput);
    return (error as Error).message.replace(`${folder}/`, '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('features are checked when a strategy is loaded, and the nearest one is named', async () => {
  assert.is(
    await saidOf("['microprice', { feature: 'sma', column: 'average', parameters: { period: 3 } }]"),
    undefined,
  );
  assert.is(await saidOf("({ period }) => [{ feature: 'sma', parameters: { period } }]"), undefined);
  assert.is(
    await saidOf("['micropriec']"),
    'mine.ts, features: expected names of features, found micropriec; did you mean microprice?',
  );
  assert.match((await saidOf("['x_y_z']")) ?? '', /found x_y_z; don features list tells them$/);
  assert.match((await saidOf("[{ feature: 'sma', parameters: { period: 0 } }]")) ?? '', /sma, period: expected/);
  assert.match((await saidOf("['pair_beta']")) ?? '', /expected features of one instrument, found pair_beta/);
});

test.run();
