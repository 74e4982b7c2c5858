import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../../infra/home.ts';
import { type Random, random } from '../../../../operators/random.ts';
import { targetActions } from '../../../../pipelines/environment/bar-actions.ts';
import { createBarObservation } from '../../../../pipelines/environment/bar-observation.ts';
import { createBookObservation } from '../../../../pipelines/environment/book-observation.ts';
import { openPolicy, type PolicyData } from '../../../../services/trainer/algorithms/policy.ts';
import type { BarModel, BookModel, Model } from '../../../../services/trainer/model/model.ts';
import { initialiseMlp, mlpInference, mlpParameterCount } from '../../../../services/trainer/networks/mlp.ts';
import { exportModel } from '../../../../services/trainer/registry/export-model.ts';
import { smallBookModel } from '../model/small-book-model.ts';
import { smallModel } from '../model/small-model.ts';

const test = suite('services/trainer/registry/export-model');

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'don-export-'));
  folders.push(folder);
  return folder;
}

const normal = ({ uniform }: Random): number => (uniform() + uniform() + uniform() - 1.5) * 4;

/** A model with large weights, so that its outputs differ. */
function modelOf(
  sizes: readonly number[],
  activation: 'tanh' | 'relu',
  changes: Partial<PolicyData>,
  actions: BarModel['actions'],
): BarModel {
  const model = smallModel();
  const chance = random(9);
  const network = { sizes, activation, parameters: new Float32Array(mlpParameterCount(sizes)) } as const;
  initialiseMlp(network, 2, chance);
  for (let n = 0; n < network.parameters.length; n++) network.parameters[n]! += normal(chance) / 10;
  const normalisation = { ...model.normalisation, means: [0.1, -0.2], scales: [0.5, 2], clip: 3 };
  return { ...model, actions, normalisation, policy: { ...model.policy, ...changes, network } };
}

const BOX = { type: 'box', low: Float32Array.of(-1), high: Float32Array.of(1) } as const;
const moments = {
  count: 100,
  mean: Float64Array.from({ length: 8 }, (_, n) => n / 10),
  variance: Float64Array.from({ length: 8 }, (_, n) => 0.5 + n / 4),
};
const MODELS: readonly (readonly [string, BarModel])[] = [
  ['greatest', modelOf([8, 16, 16, 3], 'tanh', {}, { type: 'flat-long-short' })],
  ['greatest of the first', modelOf([8, 12, 5], 'relu', { moments }, { type: 'flat-long-short' })],
  ['mean', modelOf([8, 16, 1], 'tanh', { head: 'mean', actionSpace: BOX, moments }, { type: 'continuous' })],
  ['squashed', modelOf([8, 16, 2], 'relu', { head: 'squashed-mean', actionSpace: BOX }, { type: 'continuous' })],
];

/** Features, where some are not valid, and accounts. */
function cases(): { values: number[]; account: number[] }[] {
  const chance = random(4);
  return Array.from({ length: 200 }, (_, n) => ({
    values: [n % 7 === 0 ? Number.NaN : normal(chance), normal(chance) * 3],
    account: [normal(chance), normal(chance) / 10, chance.uniform(), normal(chance) * 2],
  }));
}

interface Target {
  readonly target: number;
  readonly outputs: readonly number[];
}

/** What Don does. */
function ownTargets({ policy, normalisation, actions }: BarModel): Target[] {
  const decide = openPolicy(policy);
  const infer = mlpInference(policy.network);
  const { write, space } = createBarObservation(normalisation);
  const { targetOf } = targetActions(actions);
  return cases().map(({ values, account: [position, unrealised, sinceTrade, openOrders] }) => {
    const observation = new Float32Array(space.low.length);
    write(observation, values, 0, {
      position: position!,
      unrealised: unrealised!,
      sinceTrade: sinceTrade!,
      openOrders: openOrders!,
    });
    const seen =
      policy.moments === null
        ? observation
        : observation.map((value, n) =>
            Math.min(Math.max((value - moments.mean[n]!) / Math.sqrt(moments.variance[n]! + 1e-8), -10), 10),
          );
    return { target: targetOf(decide(observation)), outputs: [...infer(seen)] };
  });
}

/** What the example of the README does with nothing but the exported files. */
function exportedTargets(folder: string): Target[] {
  return said(
    folder,
    `let last; const { predict } = model;
    model.predict = (inputs) => { const tensor = predict.call(model, inputs); last = [...tensor.dataSync()]; return tensor; };
    const cases = ${JSON.stringify(cases())};
    const answers = cases.map(({ values, account }) => ({ target: targetOf(values.map((value) => value ?? NaN), account), outputs: last }));
    console.log('SAID' + JSON.stringify(answers));`,
  ) as Target[];
}

/** Runs the example of the README, and behind it what says something. */
function said(folder: string, probe: string): unknown {
  const example = /```js\n([\s\S]+?)```/.exec(readFileSync(join(folder, 'README.md'), 'utf8'))![1]!;
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'example.mjs'), example + probe);
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'example.mjs')], { encoding: 'utf8' });
  const line = stdout.split('\n').find((text) => text.startsWith('SAID'));
  assert.ok(line !== undefined, stderr);
  return JSON.parse(line!.slice(4));
}

for (const [name, model] of MODELS)
  test(`what is exported says what Don says: ${name}`, async () => {
    const folder = newFolder();
    await exportModel('0123456789abcdef', model, folder);
    assert.equal(readdirSync(folder).sort(), ['README.md', 'model.json', 'normalisation.json', 'weights.bin']);
    const [own, exported] = [ownTargets(model), exportedTargets(folder)];
    const { actionSpace } = model.policy;
    const actedOn = actionSpace.type === 'discrete' ? actionSpace.count : 1;
    for (const [n, { target, outputs }] of own.entries()) {
      assert.is(exported[n]!.outputs.length, actedOn);
      for (let k = 0; k < actedOn; k++)
        assert.ok(
          Math.abs(exported[n]!.outputs[k]! - outputs[k]!) <= 1e-5,
          `${n}: ${exported[n]!.outputs} and ${outputs}`,
        );
      assert.ok(Math.abs(exported[n]!.target - target) <= 1e-5, `${n}: ${exported[n]!.target} and ${target}`);
    }
    assert.ok(new Set(own.map(({ target }) => target)).size >= 3, 'it does one thing and another');
  });

test('it says what it observes, of which features', async () => {
  const folder = newFolder();
  const model = smallModel();
  await exportModel('0123456789abcdef', model, folder);
  const said = JSON.parse(readFileSync(join(folder, 'normalisation.json'), 'utf8'));
  assert.equal(said.observation.names, [
    'roc',
    'z',
    'roc_valid',
    'z_valid',
    'position',
    'unrealised',
    'since_trade',
    'open_orders',
  ]);
  assert.equal(said.columns, ['roc', 'z']);
  assert.equal(said.actions, { head: 'greatest', targets: [0, 1, -1] });
  assert.equal(said.features.hash, model.featureHash);
  assert.equal(
    said.features.catalogue.map(({ name }: { name: string }) => name),
    ['rate_of_change', 'z_score'],
  );
  assert.is(said.features.definition.features[1].parameters.period, 5);
});

const BOOK_MODELS: readonly BookModel[] = [
  smallBookModel(),
  smallBookModel({ actions: { type: 'quotes', maxOffsetTicks: 3, maxPosition: 1 }, every: { everyEvents: 50 } }),
  smallBookModel({
    actions: {
      type: 'quote-grid',
      offsets: [
        [0, 1],
        [null, 2],
        [3, null],
      ],
      maxPosition: 1,
    },
  }),
];

for (const model of BOOK_MODELS)
  test(`of a model on a book, too: ${model.actions.type}`, async () => {
    const folder = newFolder();
    await exportModel('0123456789abcdef', model, folder);
    const { low, high } = createBookObservation(model).space;
    const chance = random(3);
    const seen = Array.from({ length: 100 }, () =>
      low.map((least, n) => (chance.below(3) === 0 ? chance.uniform() * high[n]! : Math.max(least, normal(chance)))),
    );
    const decide = openPolicy(model.policy);
    const { actions } = model;
    const own = seen.map((observation) => {
      const action = decide(observation);
      if (typeof action !== 'number') return Array.from(action);
      return actions.type === 'quote-grid' ? actions.offsets[action] : [0, 1, -1][action];
    });
    const probe = `console.log('SAID' + JSON.stringify(${JSON.stringify(seen.map((one) => Array.from(one)))}.map(actionOf)));`;
    const exported = said(folder, probe) as typeof own;
    const differs = (one: unknown, other: unknown): boolean =>
      typeof one === 'number' && typeof other === 'number' ? Math.abs(one - other) > 1e-5 : one !== other;
    for (const [n, action] of own.entries()) {
      const [ours, theirs] = [[action].flat(), [exported[n]].flat()];
      assert.is(theirs.length, ours.length);
      assert.not.ok(
        ours.some((one, k) => differs(one, theirs[k])),
        `${n}: ${theirs} and ${ours}`,
      );
    }
    assert.ok(new Set(own.map(String)).size >= 3, 'it does one thing and another');
    const { observation, every, features } = JSON.parse(readFileSync(join(folder, 'normalisation.json'), 'utf8'));
    assert.equal(every, model.every);
    assert.is(observation.names.length, observation.size);
    assert.is(features.hash, model.featureHash);
    assert.match(
      readFileSync(join(folder, 'README.md'), 'utf8'),
      /which decides on the order book each (500 ms|50 events)\./,
    );
  });

test('what cannot be exported, or would mix with other files, is refused by name', async () => {
  const model = smallModel();
  const recurrent = { ...model, policy: { ...model.policy, network: { ...model.policy.network, recurrentSize: 32 } } };
  const refusal = (of: Model, folder: string) =>
    exportModel('m', of, folder).then(
      () => 'it was taken',
      ({ message }: Error) => message,
    );
  assert.is(
    await refusal(recurrent, newFolder()),
    'model m, network: expected dense layers, which can be exported, found also a memory (GRU) of 32 units',
  );
  const folder = newFolder();
  writeFileSync(join(folder, 'notes.txt'), '');
  assert.is(await refusal(model, folder), `--out: expected a new or empty folder, found ${folder} with notes.txt`);
  const again = newFolder();
  for (let n = 0; n < 2; n++) await exportModel('m', model, again);
});

test.run();
