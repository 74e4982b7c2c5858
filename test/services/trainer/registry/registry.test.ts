import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readModel } from '../../../../services/trainer/model/model-folder.ts';
import { findModel, listModels, stagesOf } from '../../../../services/trainer/registry/find-model.ts';
import { promoteModel } from '../../../../services/trainer/registry/promote-model.ts';
import { defaultModelName, registerModel } from '../../../../services/trainer/registry/register-model.ts';
import { modelsText, modelText } from '../../../../services/trainer/registry/registry-text.ts';
import { rollBackModel } from '../../../../services/trainer/registry/roll-back-model.ts';
import { ensureModelFile, readStoredModel } from '../../../../services/trainer/registry/stored-model.ts';
import { smallBookModel } from '../model/small-book-model.ts';
import { BECAUSE, goodModel, home, pool, refusal, registered } from './registry-rig.ts';

const test = suite('services/trainer/registry');

test('a model is registered once, whatever it is called, with all that it comes from', async () => {
  const model = goodModel(71);
  const registration = { name: 'once', runId: 'run-5', who: 'eve' };
  const both = await Promise.all([
    registerModel(pool, home, model, registration),
    registerModel(pool, home, model, { name: 'twice', who: 'eve' }),
  ]);
  assert.equal(both.map(({ isNew }) => isNew).sort(), [false, true]);
  assert.equal(both[0].record, both[1].record);
  const { record } = both[0];
  const { lineage } = model;
  assert.is((await listModels(pool)).filter(({ id }) => id === record.id).length, 1);
  for (const field of [
    'seed',
    'steps',
    'backend',
    'codeVersion',
    'recording',
    'fromEntryId',
    'toEntryId',
    'train',
    'test',
    'parent',
  ] as const)
    assert.equal(record[field], lineage[field], field);
  const { returns: _, ...figures } = model.tested;
  assert.equal(record.tested, figures);
  assert.is(record.stage, 'candidate');
  assert.equal(
    (await stagesOf(pool, record.id)).map(({ kind, from, to, who }) => ({ kind, from, to, who })),
    [{ kind: 'register', from: null, to: 'candidate', who: 'eve' }],
  );
  assert.equal(readModel(home, record.id), model);
});

test('models of a name are numbered without a gap, however many come at once, and trade the same', async () => {
  const seeds = [81, 82, 83, 84, 85];
  const made = await Promise.all(
    seeds.map((seed) => registerModel(pool, home, goodModel(seed), { name: 'numbered', who: 'eve' })),
  );
  assert.equal(made.map(({ record }) => record.number).sort(), [1, 2, 3, 4, 5]);
  const other = { ...goodModel(86), instrument: 'simulated:ETHUSDT' };
  assert.is(
    await refusal(registerModel(pool, home, other, { name: 'numbered', who: 'eve' })),
    'name numbered: expected a model of simulated:BTCUSDT, candles of 1s, as those before, found one of simulated:ETHUSDT, candles of 1s; give it another name',
  );
  assert.is(defaultModelName(other), 'simulated-ethusdt-1s');
  for (const name of ['Btc', '', 'a b', '0123', 'model', 'abcdef0123456789', 'a:v1', 'a@live'])
    assert.match(
      await refusal(registerModel(pool, home, goodModel(87), { name, who: 'eve' })),
      /^name: expected lower-case/,
    );
});

test('models on a book are a line of their own, with how often they decide', async () => {
  const { lineage } = goodModel(88);
  const timed = smallBookModel({ lineage });
  const { record } = await registerModel(pool, home, timed, { who: 'eve' });
  assert.is(record.name, 'simulated-btcusdt-book-500ms');
  assert.equal([record.environment, record.interval], ['book', '500 ms']);
  assert.equal(await readStoredModel(pool, record.id), timed);
  assert.match(modelsText([record]), /simulated:BTCUSDT book 500 ms/);
  assert.match(
    modelText(record, await stagesOf(pool, record.id)),
    /trades +simulated:BTCUSDT, the order book each 500 ms/,
  );
  const other = { ...timed, lineage: { ...lineage, seed: 89 } };
  const second = (await registerModel(pool, home, other, { who: 'eve' })).record;
  assert.is(second.number, 2);
  const forced = { to: 'paper', isForced: true, ...BECAUSE } as const;
  for (const { id } of [record, second]) assert.is((await promoteModel(pool, { model: id, ...forced })).record.id, id);
  const { record: back, replaced } = await rollBackModel(pool, { name: record.name, ...BECAUSE });
  assert.equal([back.id, back.stage, replaced?.id], [record.id, 'paper', second.id]);
  const counted = smallBookModel({ lineage, every: { everyEvents: 50 } });
  assert.is(
    await refusal(registerModel(pool, home, counted, { name: record.name, who: 'eve' })),
    `name ${record.name}: expected a model of simulated:BTCUSDT, the order book each 500 ms, as those before, found one of simulated:BTCUSDT, the order book each 50 events; give it another name`,
  );
  assert.is(defaultModelName(counted), 'simulated-btcusdt-book-50events');
});

test('another machine gets the file, and a damaged one is mended', async () => {
  const { models } = await registered(1);
  const { id } = models[0]!;
  const path = await ensureModelFile(pool, home, id);
  const text = readFileSync(path, 'utf8');
  rmSync(path);
  assert.is(await ensureModelFile(pool, home, id), path);
  assert.is(readFileSync(path, 'utf8'), text);
  writeFileSync(path, text.replace('"seed"', '"sead"'));
  await ensureModelFile(pool, home, id);
  assert.equal(readModel(home, id), await readStoredModel(pool, id));
  await pool.query('UPDATE models SET encoded = replace(encoded, \'"seed"\', \'"sead"\') WHERE id = $1', [id]);
  assert.match(
    await refusal(readStoredModel(pool, id)),
    new RegExp(`^model ${id}: expected it in the registry with that hash, found`),
  );
  assert.match(
    await refusal(ensureModelFile(pool, home, '0'.repeat(16))).then(() =>
      refusal(readStoredModel(pool, '0'.repeat(16))),
    ),
    /found nothing$/,
  );
});

test('a model is found by its id, its first digits, its number, its stage or its name', async () => {
  const { name, models } = await registered(3);
  const [first, second, third] = models as [(typeof models)[0], (typeof models)[0], (typeof models)[0]];
  const found = async (ref: string) => (await findModel(pool, ref)).id;
  assert.is(await found(first.id), first.id);
  assert.is(await found(`model:${first.id}`), first.id);
  assert.is(await found(first.id.slice(0, 8)), first.id);
  assert.is(await found(`${name}:v2`), second.id);
  assert.is(await found(name), third.id, 'the newest candidate');
  await pool.query("UPDATE models SET stage = 'archived' WHERE id = $1", [third.id]);
  assert.is(await found(name), second.id, 'an archived one comes last');
  await pool.query("UPDATE models SET stage = 'paper' WHERE id = $1", [first.id]);
  assert.is(await found(name), first.id, 'the one on paper goes before candidates');
  await pool.query("UPDATE models SET stage = 'live' WHERE id = $1", [second.id]);
  assert.is(await found(name), second.id, 'and a live one before that');
  assert.is(await found(`${name}@paper`), first.id);
  assert.is(await found(`${name}@archived`), third.id);
  assert.equal(
    (await listModels(pool, { name })).map(({ number }) => number),
    [3, 2, 1],
  );
  assert.equal(
    (await listModels(pool, { name, stage: 'live' })).map(({ id }) => id),
    [second.id],
  );

  assert.is(
    await refusal(findModel(pool, name, { isExact: true })),
    `model: expected which one of ${name}: ${name}:v3 (archived), ${name}:v2 (live), ${name}:v1 (paper); found ${name}`,
  );
  assert.is(await refusal(findModel(pool, `${name}:v9`)), `model: expected ${name}:v1 to ${name}:v3, found ${name}:v9`);
  assert.is(
    await refusal(findModel(pool, `${name}@liv`)),
    `model: expected ${name}@ and one of candidate, paper, live, archived, found ${name}@liv; did you mean live?`,
  );
  assert.is(
    await refusal(findModel(pool, `${name}@candidate`)),
    `model: expected a model of ${name} that is candidate, found only v3 (archived), v2 (live), v1 (paper)`,
  );
  assert.match(
    await refusal(findModel(pool, `${name.slice(0, 4)}${name.slice(5)}`)),
    /^model: expected an id of don models list .*; did you mean line-/,
  );
  for (const ref of ['', 'ffff', `${name}:v2@live`, '0'.repeat(16), "'; DROP TABLE models", 'model:', '%'])
    assert.match(await refusal(findModel(pool, ref)), /^model: expected an id of don models list/, ref);
});

test('first digits that several have are refused, with those that have them', async () => {
  const { models } = await registered(2);
  const ids = ['abcd000000000001', 'abcd000000000002'];
  for (const [n, id] of ids.entries()) {
    await pool.query('ALTER TABLE model_stages DISABLE TRIGGER ALL');
    await pool.query('DELETE FROM model_stages WHERE model = $1', [models[n]!.id]);
    await pool.query('ALTER TABLE model_stages ENABLE TRIGGER ALL');
    await pool.query('UPDATE models SET id = $2 WHERE id = $1', [models[n]!.id, id]);
  }
  assert.is((await findModel(pool, 'abcd000000000001')).id, ids[0]);
  assert.is(
    await refusal(findModel(pool, 'abcd')),
    `model: expected as many digits of an id as only one has, found abcd, with which ${ids.join(', ')} begin`,
  );
});

test('ends', () => pool.end());

test.run();
