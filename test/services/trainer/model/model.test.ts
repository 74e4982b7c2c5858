import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadStrategy } from '../../../../services/backtest/load-strategy.ts';
import { type BookModel, decodeModel, encodeModel, modelId } from '../../../../services/trainer/model/model.ts';
import { modelPath, readModel, writeModel } from '../../../../services/trainer/model/model-folder.ts';
import { modelStrategy } from '../../../../services/trainer/model/model-strategy.ts';
import { checkActs } from '../../../../services/trainer/registry/stored-model.ts';
import { smallBookModel } from './small-book-model.ts';
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

test('a model on candles has the id that it always had', () => {
  // Of this content before there were models on a book.
  assert.is(modelId(encodeModel(smallModel())), '9e29b15b7c112612');
  assert.is(decodeModel('m', encodeModel(smallModel())).environment, undefined);
});

test('a model on a book comes back to the last bit, and is a strategy', () => {
  const home = mkdtempSync(join(tmpdir(), 'don-model-'));
  const model = smallBookModel();
  const id = writeModel(home, model);
  assert.equal(readModel(home, id), model);
  const timed = modelStrategy(id, model);
  assert.is(timed.everyMs?.({}), 500);
  assert.equal(timed.events, ['trade', 'timer']);
  assert.match(timed.says, /the order book each 500 ms, with seed 1$/);
  assert.equal(modelStrategy(id, smallBookModel({ every: { everyEvents: 50 } })).events, ['trade', 'heard']);
});

test('a model on a book refuses features, and a layout of what it observes, that are others than in its training', () => {
  const { featureHash } = smallBookModel();
  const refused = new RegExp(
    `^model m, features: expected the definition with hash ${featureHash}, .*, found [0-9a-f]{16}: `,
  );
  const features = [{ feature: 'signed_volume', parameters: { windowMs: 2_000 } }];
  for (const changes of [{ features }, { levels: 4 }])
    assert.throws(() => modelStrategy('m', smallBookModel({ ...changes, featureHash })), refused);
});

test('a model on a book that cannot act is refused by what it lacks', () => {
  const { policy } = smallBookModel();
  const refused = (changes: Partial<BookModel>, message: RegExp): void =>
    assert.throws(() => checkActs('m', smallBookModel(changes)), message);
  checkActs('m', smallBookModel());
  refused(
    { every: { everyMs: 0 } },
    /^model m: expected one that can act, found: clock, everyMs: expected a number above 0, found 0$/,
  );
  refused({ every: { everyEvents: 1.5 } }, /clock, everyEvents: expected a whole number above 0, found 1.5$/);
  refused({ levels: 4, policy }, /^model m, policy: expected a network of 33 inputs, as it observes, found 29$/);
  refused({ actions: { type: 'continuous' }, policy }, /action: expected a Float32Array of one number/);
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
