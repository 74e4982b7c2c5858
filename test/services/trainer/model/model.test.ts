import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadStrategy } from '../../../../services/backtest/load-strategy.ts';
import { decodeModel, encodeModel, modelId } from '../../../../services/trainer/model/model.ts';
import { modelPath, readModel, writeModel } from '../../../../services/trainer/model/model-folder.ts';
import { modelStrategy } from '../../../../services/trainer/model/model-strategy.ts';
import { smallModel } from './small-model.ts';

const test = suite('services/trainer/model');

test('a model comes back to the last bit, and has the same id wherever it is written', () => {
  const home = mkdtempSync(join(tmpdir(), 'don-model-'));
  const model = smallModel();
  const id = writeModel(home, model);
  assert.equal(readModel(home, id), model);
  assert.is(writeModel(home, readModel(home, id)), id);
  assert.is.not(modelId(encodeModel(smallModel({ size: { equityShare: 1 } }))), id);
});

test('what is no model, or not the one, is refused by name', () => {
  const home = mkdtempSync(join(tmpdir(), 'don-model-'));
  const id = writeModel(home, smallModel());
  assert.throws(() => readModel(home, 'abc'), /^model abc: expected a file, found nothing at/);
  const path = modelPath(home, id);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"seed":1', '"seed":2'));
  assert.throws(
    () => readModel(home, id),
    new RegExp(`^model ${id}: expected a file with that hash, found [0-9a-f]{16}: .* is damaged$`),
  );
  assert.throws(() => decodeModel('m.json', '{'), /^m.json: expected a model as JSON, found/);
  assert.throws(() => decodeModel('m.json', '{"format":2}'), /^m.json, format: expected a model of format 1, found 2$/);
  assert.throws(() => decodeModel('m.json', 'null'), /^m.json, format: expected a model of format 1, found nothing$/);
});

test('it refuses features that mean something else than in its training, naming both', () => {
  const { featureHash } = smallModel();
  assert.is(modelStrategy('m', smallModel()).name, 'model:m');
  const features = [{ feature: 'rate_of_change', column: 'roc', parameters: { period: 2 } }, 'z_score'];
  assert.throws(
    () => modelStrategy('m', smallModel({ features })),
    new RegExp(`^model m, features: expected the definition with hash ${featureHash}, .*, found [0-9a-f]{16}: `),
  );
});

test('its name is that of a strategy', async () => {
  process.env['DON_HOME'] = mkdtempSync(join(tmpdir(), 'don-model-'));
  const id = writeModel(process.env['DON_HOME'], smallModel());
  const { definition, hash } = await loadStrategy(`model:${id}`);
  assert.is(definition.barMs?.({}), 1_000);
  assert.is(hash, id);
  const error: unknown = await loadStrategy('model:nothing').catch((error: unknown) => error);
  assert.match(String(error), /model nothing: expected a file/);
});

test.run();
