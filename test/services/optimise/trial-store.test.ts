import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failedTrial } from '../../../services/optimise/trial-outcome.ts';
import { openTrialStore } from '../../../services/optimise/trial-store.ts';

const test = suite('services/optimise/trial-store');
const folder = mkdtempSync(join(tmpdir(), 'don-trials-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

test('keeps trials, and a line that was cut off takes none of them with it', () => {
  const path = join(folder, 'study', 'trials.jsonl');
  const store = openTrialStore(path);
  assert.is(store.find('a'), undefined);
  store.add('a', failedTrial('it – broke'));
  appendFileSync(path, '["b",{"figures":nu');
  const again = openTrialStore(path);
  assert.equal(again.find('a'), failedTrial('it – broke'));
  again.add('c', failedTrial('too'));
  const last = openTrialStore(path);
  assert.equal([last.find('b'), last.find('c')], [undefined, failedTrial('too')]);
  assert.is(readFileSync(path, 'utf8').split('\n').length, 3);
});

test.run();
