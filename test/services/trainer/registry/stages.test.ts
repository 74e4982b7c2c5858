import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeModel } from '../../../../services/trainer/model/model.ts';
import { demoteModel } from '../../../../services/trainer/registry/demote-model.ts';
import { findModel, stagesOf } from '../../../../services/trainer/registry/find-model.ts';
import type { ModelRecord, TradingStage } from '../../../../services/trainer/registry/model-record.ts';
import { LOCK_SPACE } from '../../../../services/trainer/registry/model-rows.ts';
import { promoteModel } from '../../../../services/trainer/registry/promote-model.ts';
import { registerModel } from '../../../../services/trainer/registry/register-model.ts';
import { rollBackModel } from '../../../../services/trainer/registry/roll-back-model.ts';
import { BECAUSE, forwardTest, goodModel, home, pool, refusal, registered } from './registry-rig.ts';

const test = suite('services/trainer/registry/stages');

const promote = (model: ModelRecord, to: TradingStage, isForced = false) =>
  promoteModel(pool, { model: model.id, to, isForced, ...BECAUSE });
const stageNow = async ({ id }: ModelRecord) => (await findModel(pool, id)).stage;
const stagesNow = (models: readonly ModelRecord[]) => Promise.all(models.map(stageNow));

/** When so many changes wait for the lock of a name. */
async function untilWaiting(count: number): Promise<void> {
  for (;;) {
    const { rows } = await pool.query(
      `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = ${LOCK_SPACE} AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    if (rows.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a name has one model on paper: the one before is archived, and the history says by what, who and why', async () => {
  const { name, models } = await registered(2);
  const [first, second] = models as [ModelRecord, ModelRecord];
  assert.is((await promoteModel(pool, { model: `${name}:v1`, ...BECAUSE })).record.stage, 'paper');
  const { record, replaced } = await promoteModel(pool, { model: `${name}@candidate`, who: 'key bot', why: 'newer' });
  assert.equal([record.id, replaced?.id, replaced?.stage], [second.id, first.id, 'archived']);
  assert.equal(await stagesNow(models), ['archived', 'paper']);
  const [, promoted, left] = await stagesOf(pool, first.id);
  assert.equal(
    [promoted!.kind, promoted!.from, promoted!.to, promoted!.who, promoted!.why],
    ['promote', 'candidate', 'paper', 'eve', 'to see'],
  );
  assert.equal(
    [left!.kind, left!.from, left!.to, left!.who, left!.why],
    ['replace', 'paper', 'archived', 'key bot', `by ${name}:v2: newer`],
  );
  assert.equal(promoted!.evaluation, { tested: first.tested.model, tries: 1, forward: null, overridden: [] });
});

test('of two promotions at once one wins, and the other is told what came between', async () => {
  const { name, models } = await registered(2);
  const holder = await pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, name]);
  const both = models.map((model) => refusal(promote(model, 'paper')));
  await untilWaiting(2);
  await holder.query('COMMIT');
  holder.release();
  const came = await Promise.all(both);
  assert.is(came.filter((text) => text === 'it was taken').length, 1, came.join('\n'));
  assert.match(
    came.join('\n'),
    new RegExp(`${name}, paper: expected none there, as a moment ago, found ${name}:v[12]; look again and repeat`),
  );
  assert.equal((await stagesNow(models)).sort(), ['candidate', 'paper']);
});

test('the same promotion twice at once does not go on to live', async () => {
  const { name, models } = await registered(1);
  const holder = await pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, name]);
  const both = [1, 2].map(() => refusal(promoteModel(pool, { model: name, isForced: true, ...BECAUSE })));
  await untilWaiting(2);
  await holder.query('COMMIT');
  holder.release();
  assert.match(
    (await Promise.all(both)).sort().join('\n'),
    /^it was taken\nline.*:v1: expected it candidate, as it was a moment ago, found it paper/,
  );
  assert.is(await stageNow(models[0]!), 'paper');
});

test('a rule that is broken keeps a model where it is; forced, the history has which', async () => {
  const name = 'rules';
  const { record } = await registerModel(pool, home, goodModel(11, { total: -0.01 }), { name, who: 'eve' });
  const broken = 'better-than-flat: expected a tested return above 0.00 %, that of never trading, found −1.00 %';
  assert.is(
    await refusal(promote(record, 'paper')),
    `rules:v1 stays as it is, for it breaks rules of paper: ${broken}`,
  );
  assert.is(await stageNow(record), 'candidate');
  assert.is((await stagesOf(pool, record.id)).length, 1);
  await promote(record, 'paper', true);
  const { evaluation } = (await stagesOf(pool, record.id)).at(-1)!;
  assert.equal(
    (evaluation as { overridden: { rule: string }[] }).overridden.map(({ rule }) => rule),
    ['better-than-flat'],
  );
});

test('to live with a week on paper that was verified, of this very model', async () => {
  const { models } = await registered(1);
  const [model] = models as [ModelRecord];
  await promote(model, 'paper');
  assert.match(
    await refusal(promote(model, 'live')),
    /breaks rules of live: forward-test: expected its paper trading by --account NAME, run again, found none$/,
  );
  const to = { model: model.id, to: 'live', ...BECAUSE } as const;
  const other = forwardTest({ id: '0'.repeat(16) });
  assert.match(
    await refusal(promoteModel(pool, { ...to, evaluation: other, isForced: true })),
    /^evaluation\/strategy: expected model:[0-9a-f]{16}, which is line/,
  );
  assert.is(
    await refusal(promoteModel(pool, { ...to, evaluation: { ...forwardTest(model), accont: 1 } })),
    'accont: expected one of account, strategy, instrument, sessions, leftOut, found accont; did you mean account?',
  );
  const [session] = forwardTest(model).sessions;
  const wrong = { ...forwardTest(model), sessions: [{ ...session, fils: 1 }] };
  assert.match(
    await refusal(promoteModel(pool, { ...to, evaluation: wrong })),
    /^sessions\/0\/fils: expected one of session, .*, found fils; did you mean fills\?$/,
  );
  const twice = { ...forwardTest(model), sessions: [session, session] };
  assert.match(
    await refusal(promoteModel(pool, { ...to, evaluation: twice })),
    /^sessions: expected sessions that follow each other/,
  );
  // A week that is over, of a model that came to paper before it.
  const weekAgo = Date.now() - 8 * 86_400_000;
  await pool.query('ALTER TABLE model_stages DISABLE TRIGGER ALL');
  await pool.query('UPDATE model_stages SET at = $2 WHERE model = $1', [model.id, new Date(weekAgo)]);
  await pool.query('ALTER TABLE model_stages ENABLE TRIGGER ALL');
  const evaluation = forwardTest(model, { fromMs: weekAgo, toMs: weekAgo + 7 * 86_400_000 });
  assert.is((await promoteModel(pool, { ...to, evaluation })).record.stage, 'live');
  assert.equal(((await stagesOf(pool, model.id)).at(-1)!.evaluation as { forward: unknown }).forward, evaluation);
  assert.match(
    await refusal(promoteModel(pool, { model: model.id, ...BECAUSE })),
    /^to: expected|^model: expected one that is not live yet/,
  );
});

test('nothing makes a model trade whose features mean something else here', async () => {
  const model = { ...goodModel(12), featureHash: '0123456789abcdef' };
  const { record } = await registerModel(pool, home, model, { name: 'features', who: 'eve' });
  assert.match(
    await refusal(promote(record, 'paper', true)),
    new RegExp(`^model ${record.id}, features: expected the definition with hash 0123456789abcdef`),
  );
  const { normalisation } = goodModel(13);
  const narrow = { ...goodModel(13), normalisation: { ...normalisation, columns: ['roc'], means: [0], scales: [1] } };
  const { record: other } = await registerModel(pool, home, narrow, { name: 'narrow', who: 'eve' });
  assert.match(
    await refusal(promote(other, 'paper', true)),
    /policy: expected a network of 6 inputs, as it observes, found 8$/,
  );
  assert.ok(encodeModel(narrow).length > 0);
});

test('a rollback brings back the one before, each time one further, and never one that was rolled back', async () => {
  const { name, models } = await registered(3);
  for (const model of models) await promote(model, 'live', true);
  assert.equal(await stagesNow(models), ['archived', 'archived', 'live']);
  const { record, replaced } = await rollBackModel(pool, { name, who: 'eve', why: 'it loses' });
  assert.equal([record.number, replaced?.number], [2, 3]);
  assert.equal(await stagesNow(models), ['archived', 'live', 'archived']);
  await rollBackModel(pool, { name, who: 'eve', why: 'it loses too' });
  assert.equal(await stagesNow(models), ['live', 'archived', 'archived']);
  assert.is(
    await refusal(rollBackModel(pool, { name, ...BECAUSE })),
    `name: expected a model of ${name} that was live before, found only ${name}:v1, which is there`,
  );
  assert.equal((await stagesOf(pool, models[2]!.id)).map(({ kind, to, why }) => [kind, to, why]).slice(1), [
    ['promote', 'live', 'to see'],
    ['rollback', 'archived', 'it loses'],
  ]);
  assert.is(
    await refusal(rollBackModel(pool, { name: 'nobody', ...BECAUSE })),
    'name: expected one of don models list, found nobody',
  );
});

test('one that was demoted leaves its place empty, and a rollback fills it with the one before', async () => {
  const { name, models } = await registered(2);
  for (const model of models) await promote(model, 'paper');
  const alarm = { feature: 'roc', drift: 7.5 };
  await demoteModel(pool, { model: `${name}@paper`, who: 'drift', why: 'roc drifts', evaluation: alarm });
  assert.equal(await stagesNow(models), ['archived', 'archived']);
  assert.equal((await stagesOf(pool, models[1]!.id)).at(-1)!.evaluation, alarm);
  await rollBackModel(pool, { name, ...BECAUSE });
  assert.equal(await stagesNow(models), ['paper', 'archived']);
  assert.match(
    await refusal(demoteModel(pool, { model: models[1]!.id, ...BECAUSE })),
    /found line-.*:v2, which is archived$/,
  );
  assert.match(
    await refusal(demoteModel(pool, { model: models[0]!.id, from: 'live', ...BECAUSE })),
    /expected it live, as it was a moment ago, found it paper$/,
  );
  await demoteModel(pool, { model: models[0]!.id, to: 'candidate', ...BECAUSE });
  assert.is(await stageNow(models[0]!), 'candidate');
  await demoteModel(pool, { model: models[0]!.id, ...BECAUSE });
  assert.is(await stageNow(models[0]!), 'archived');
});

test('a rollback of paper takes nothing from live', async () => {
  const { name, models } = await registered(3);
  const [first, second, third] = models as [ModelRecord, ModelRecord, ModelRecord];
  for (const model of [first, second, third]) await promote(model, 'paper');
  await promote(second, 'live', true);
  await rollBackModel(pool, { name, stage: 'paper', ...BECAUSE });
  assert.equal(await stagesNow(models), ['paper', 'live', 'archived']);
  await promote(first, 'live', true);
  await rollBackModel(pool, { name, stage: 'paper', ...BECAUSE });
  assert.equal(await stagesNow(models), ['live', 'paper', 'archived'], 'which is not live any more');
  await demoteModel(pool, { model: second.id, ...BECAUSE });
  assert.is(
    await refusal(rollBackModel(pool, { name, stage: 'paper', ...BECAUSE })),
    `name: expected a model of ${name} that was on paper before, found none`,
  );
});

test('a reason is asked for, and the history only grows', async () => {
  const { models } = await registered(1);
  const { id: model } = models[0]!;
  assert.is(await refusal(promoteModel(pool, { model, who: 'eve', why: ' ' })), 'why: expected a reason, found none');
  assert.is(
    await refusal(demoteModel(pool, { model, who: '', why: 'x' })),
    'who: expected the name of whoever says so, found none',
  );
  for (const sql of ["UPDATE model_stages SET why = 'x'", 'DELETE FROM model_stages', 'TRUNCATE model_stages'])
    assert.match(await refusal(pool.query(sql)), /^model_stages only grows: (UPDATE|DELETE|TRUNCATE) is refused$/);
  assert.match(await refusal(pool.query('DELETE FROM models WHERE id = $1', [model])), /foreign key/);
});

test('ends', () => pool.end());

test.run();
