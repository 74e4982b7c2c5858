// time limit: 480 s

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { migrate } from '../../../infra/migrations.ts';
import { connectPostgres } from '../../../infra/postgres.ts';
import { connectRedis } from '../../../infra/redis.ts';
import type { Decided, StartCommand } from '../../../operators/ledger/ledger-event.ts';
import { modelDrift } from '../../../services/trader/drift/model-drift.ts';
import { sessionResult } from '../../../services/trader/session-result.ts';
import { verifySession } from '../../../services/trader/verify-session.ts';
import { checkBookConfig } from '../../../services/trainer/book/book-config.ts';
import { bookTraining } from '../../../services/trainer/book/book-training.ts';
import { prepareBookData } from '../../../services/trainer/book/prepare-book-data.ts';
import { registerModel } from '../../../services/trainer/registry/register-model.ts';
import type { EventToAppend } from '../../../streams/entry.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { ACCOUNTS_KEY, ledgerKey } from '../../../streams/keys.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { tapesOf } from '../../pipelines/simulation/small-tapes.ts';
import { BTCUSDT, readCapture } from '../../support/captures.ts';
import { runDon } from '../../support/run-don.ts';
import { testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { performMade } from '../trainer/run/made-run.ts';
import { ledgerOf } from './trading-log.ts';
import { BEFORE, ownEvents, tradingOn } from './trading-rig.ts';

const test = suite('services/trader/book-model');
const { redisUrl, postgresUrl } = await testServers('redis', 'postgres');
const [redis, pool] = [await connectRedis(redisUrl), await connectPostgres(postgresUrl)];
await migrate(pool);
const home = mkdtempSync(join(tmpdir(), 'don-book-model-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
process.env['DON_HOME'] = home;
const where = { home, env: { DON_REDIS_URL: redisUrl, DON_POSTGRES_URL: postgresUrl } };

/** The first minutes of a capture: what quotes say its depth says too. */
function pieceOf(minutes: number): EventToAppend[] | undefined {
  const events = readCapture(BTCUSDT);
  if (events === undefined) return undefined;
  const untilUs = events[0]!.receiveTimeUs + minutes * 60_000_000;
  return events
    .filter(({ channel, receiveTimeUs }) => channel !== 'bookTicker' && receiveTimeUs < untilUs)
    .map((event) => ({ ...event, payload: event.payload.toString() }));
}

/** Trains a policy for a moment, and registers what it has become. */
async function trained(piece: readonly EventToAppend[], every: object) {
  const config = checkBookConfig({
    environment: 'book',
    instrument: BTCUSDT.instrument,
    levels: 3,
    every,
    features: [{ feature: 'signed_volume', parameters: { windowMs: 1_000 } }],
    actions: {
      type: 'quote-grid',
      offsets: [
        [0, 0],
        [0, 2],
        [2, 0],
        [null, null],
      ],
      maxPosition: 0.02,
    },
    size: { qty: 0.004 },
    train: { share: 0.6 },
    test: { share: 0.3 },
    episodeSteps: 40,
    environments: 2,
    seeds: [1],
    ppo: { totalSteps: 128, stepsPerUpdate: 16, batchSize: 32, epochs: 1, hiddenSizes: [8] },
  });
  const data = prepareBookData(config, tapesOf(piece), createScale(BTCUSDT.tickSize, BTCUSDT.stepSize));
  const part = { recording: '0123456789ab', fromEntryId: '1-0', toEntryId: `${piece.length}-0` };
  let id = '';
  const name = `book-${Object.keys(every)[0]}-${process.pid}`;
  const register = async (model: Parameters<typeof registerModel>[2], runId: string): Promise<void> => {
    id = (await registerModel(pool, home, model, { name, runId, who: 'eve' })).record.id;
  };
  await performMade({ training: bookTraining(data), part }, home, { register });
  return { id, name };
}

const PIECE = pieceOf(3.5);
const ENTRIES = entriesOf(PIECE ?? [], [6]);
const withTrading = tradingOn(redis, redisUrl, ENTRIES);

for (const every of PIECE === undefined ? [] : [{ ms: 150 }, { events: 40 }])
  test(`a model on a book is trained, promoted, trades on paper, and its decisions verify: each ${JSON.stringify(every)}`, async () => {
    const { id, name } = await trained(PIECE!, every);
    const clock = 'ms' in every ? '150 ms' : '40 events';
    const list = await runDon(['models', 'list', '--name', name], where);
    assert.match(list.stdout, new RegExp(`${id} .*candidate .*binance-usdm:BTCUSDT book ${clock}`), list.stderr);
    const early = await runDon(['trade', 'start', '--model', name, '--account', 'early'], where);
    assert.match(early.stderr, /expected one in stage paper or live, found .*, which is candidate/);
    // It has learned nothing that is worth anything.
    const promoted = await runDon(['models', 'promote', `${name}:v1`, '--why', 'to see', '--force'], where);
    assert.is(promoted.status, 0, promoted.stderr);

    const told = await runDon(
      ['trade', 'start', '--model', `${name}@paper`, '--account', `${name}-cli`, '--json'],
      where,
    );
    assert.is(told.status, 0, told.stderr);
    assert.not.match(told.stderr, /--(latency|queue)/);
    const others = ['--latency', '20,30', '--queue', 'probability-even'];
    const otherwise = await runDon(
      ['trade', 'start', `model:${id}`, '--instrument', BTCUSDT.instrument, '--account', `${name}-late`, ...others],
      where,
    );
    assert.is(otherwise.status, 0, otherwise.stderr);
    assert.match(otherwise.stderr, /^--latency: the session assumes 20,30, and the model was trained with 5,5: /m);
    assert.match(
      otherwise.stderr,
      /^--queue: the session assumes probability-even, and the model was trained with risk-averse: /m,
    );
    const [command] = await ledgerOf(redis, `${name}-cli`);
    const { strategy, instrument } = (command!.event as StartCommand).settings;
    assert.equal([strategy, instrument], [`model:${id}`, BTCUSDT.instrument]);

    await withTrading(
      async ({ account, grow, restart, isThrough }) => {
        const half = Math.floor(ENTRIES.length / 2);
        await grow(BEFORE, half);
        await restart();
        await grow(half, ENTRIES.length);
        await until('all is read', () => isThrough(ENTRIES));
        const own = await ownEvents(redis, account);
        const decided = own.filter(({ event }) => event.type === 'decided');
        const found = (await verifySession(redis, account))!;
        assert.equal([found.difference, found.obstacle, found.decisions], [null, null, decided.length]);
        const fills = own.filter(({ event }) => event.type === 'account' && event.event.type === 'fill');
        assert.ok(decided.length > 200 && fills.length > 5, `${decided.length} decisions, ${fills.length} fills`);
        assert.is((await sessionResult(redis, account)).fills.length, fills.length);
        const { observation, digest } = decided[20]!.event as Decided;
        // The feature, its mask, the account, and both own orders.
        assert.is(observation.length, 11);
        assert.match(digest!, /^[0-9a-f]{16}$/);
        const drift = await modelDrift(redis, account, home);
        assert.is(drift.decisions, decided.length);
        // Of the shorter training there were too few decisions to say what is usual.
        assert.equal(
          drift.features?.map((feature) => feature.name),
          'ms' in every ? ['signed_volume'] : undefined,
        );

        const good = await runDon(['trade', 'verify', '--account', account], where);
        assert.is(good.status, 0, good.stderr);
        // The same ledger, with one decision taken on a book that was not there, and one on another position.
        for (const [n, [from, to]] of [
          ['"digest":"', '"digest":"0'],
          ['"observation":[', '"observation":[9,'],
        ].entries()) {
          const planted = `${account}-planted-${n}`;
          for (const [entryId, fields] of await redis.xrange(ledgerKey(account), '-', '+')) {
            const isIt = fields.includes('n') && Number(fields[fields.indexOf('n') + 1]) === decided[20]!.n;
            const changed = isIt ? fields.map((field) => field.replace(from!, to!)) : fields;
            await redis.xadd(ledgerKey(planted), entryId, ...changed);
          }
          await redis.sadd(ACCOUNTS_KEY, planted);
          const bad = await runDon(['verify', '--decisions', '--account', planted], where);
          assert.is(bad.status, 1, bad.stdout + bad.stderr);
          assert.match(bad.stdout, /event \d+ of the session was \{"type":"decided"/);
          assert.ok(bad.stdout.includes(to!), 'the wrong one is named');
        }
      },
      { strategy: `model:${id}`, parameters: {} },
    );
  });

test('ends', async () => {
  redis.disconnect();
  await pool.end();
});

test.run();
