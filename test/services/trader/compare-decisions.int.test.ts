import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import type { Decided } from '../../../operators/ledger/ledger-event.ts';
import { BadJobData, type JobProgress } from '../../../services/jobs/job-kind.ts';
import { verifyDecisions } from '../../../services/jobs/kinds/verify-decisions.ts';
import { compareDecisions } from '../../../services/trader/compare-decisions.ts';
import { writeModel } from '../../../services/trainer/model/model-folder.ts';
import { ACCOUNTS_KEY, ledgerKey } from '../../../streams/keys.ts';
import { testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { smallModel } from '../trainer/model/small-model.ts';
import { madeEntries } from './made-session.ts';
import { BEFORE, isOn, ownEvents, tradingOn } from './trading-rig.ts';

const test = suite('services/trader/compare-decisions');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const home = mkdtempSync(join(tmpdir(), 'don-compared-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
process.env['DON_HOME'] = home;
const id = writeModel(home, smallModel());
const ENTRIES = madeEntries(4_500);
/** Where the session ends. */
const END = ENTRIES.length - 150;
const withTrading = tradingOn(redis, redisUrl, ENTRIES);

/** The ledger of an account as another account's, up to a number, with the texts of some events changed, by their numbers. */
async function plant(
  account: string,
  name: string,
  changed: ReadonlyMap<number, (text: string) => string>,
  to = Number.POSITIVE_INFINITY,
) {
  const planted = `${account}-${name}`;
  for (const [entryId, fields] of await redis.xrange(ledgerKey(account), '-', '+')) {
    const n = fields.includes('n') ? Number(fields[fields.indexOf('n') + 1]) : -1;
    if (n > to) break;
    const text = fields[fields.indexOf('event') + 1]!;
    const written = fields.map((field) => (field === text ? (changed.get(n)?.(text) ?? text) : field));
    await redis.xadd(ledgerKey(planted), entryId, ...written);
  }
  await redis.sadd(ACCOUNTS_KEY, planted);
  return planted;
}

test('a forward test is the backtest of its span; where it is not, the first divergence is named and the rest is measured', () =>
  withTrading(
    async ({ account, grow, tell, isThrough, status }) => {
      await grow(BEFORE, 300);
      await until('the first part is read', () => isThrough(ENTRIES.slice(0, 300)));
      await tell({ type: 'halt', flattens: true });
      await until('it is halted', () => status().state === 'halted');
      await grow(300, 500);
      await tell({ type: 'resume' });
      await until('it is resumed', () => isOn(status()));
      await grow(500, END);
      await until('all is read', () => isThrough(ENTRIES.slice(0, END)));
      await tell({ type: 'stop' });
      await until('it is closed', () => status().state === 'stopped');
      // The log goes on behind the session.
      await grow(END, ENTRIES.length);
      const own = await ownEvents(redis, account);
      const opening = own.findIndex(({ event }) => event.type === 'sessionOpened');
      const decided = own.flatMap(({ n, event }) => (event.type === 'decided' ? [{ n, event }] : []));
      const equities = decided.map(({ event }) => event.equity);
      assert.ok(decided.length > 40 && new Set(equities).size > 20, `${decided.length} decisions`);
      const progress: [number, number][] = [];
      const same = (await compareDecisions(redis, account, { onProgress: (...told) => progress.push(told) }))!;
      assert.equal([same.difference, same.divergence, same.obstacle, same.differenceMax], [null, null, null, 0]);
      assert.equal([same.decisions, same.strategy], [decided.length, `model:${id}`]);
      assert.equal(progress.at(-1), [decided.length, decided.length]);
      assert.equal(same.curves.forward, equities);
      assert.equal(same.curves.backtest, equities);
      assert.equal(
        same.curves.timesMs,
        decided.map(({ event }) => event.timeUs / 1_000),
      );

      // A decision that was taken on what was not there.
      const { n, event } = decided[5]!;
      const seen = await plant(
        account,
        'seen',
        new Map([[n, (text) => text.replace('"observation":[', '"observation":[9,')]]),
      );
      const parted = (await compareDecisions(redis, seen))!;
      const { divergence } = parted;
      assert.equal([parted.decisions, parted.events], [5, n - own[opening]!.n - 1]);
      assert.equal([divergence!.entryId, divergence!.timeMs], [event.entryId, event.timeUs / 1_000]);
      assert.equal([divergence!.event, divergence!.fields], [parted.events, ['observation']]);
      assert.equal([(divergence!.stored as Decided).observation[0], divergence!.again], [9, event]);
      assert.match(parted.difference!, /^event \d+ of the session was \{"type":"decided"/);
      // By itself it goes on to the end, halted and resumed where it was.
      assert.equal(parted.curves.backtest, equities);
      assert.is(parted.differenceMax, 0);

      // Other figures from some decision on.
      const more = (text: string): string =>
        text.replace(/"equity":(-?[\d.e+-]+)/, (_, equity) => `"equity":${Number(equity) + 5}`);
      const worth = await plant(account, 'worth', new Map(decided.slice(30).map((one) => [one.n, more])));
      const apart = (await compareDecisions(redis, worth))!;
      assert.equal([apart.decisions, apart.divergence!.fields], [30, ['equity']]);
      assert.is(apart.divergence!.entryId, decided[30]!.event.entryId);
      assert.equal(apart.curves.backtest, equities);
      assert.equal(
        apart.curves.forward,
        equities.map((equity, at) => (at < 30 ? equity : equity + 5)),
      );
      assert.ok(Math.abs(apart.differenceMax - 5) < 1e-9, `${apart.differenceMax}`);

      // What is no decision is named by the last one before it.
      const order = own.find((one) => one.n > decided[8]!.n && one.event.type === 'orderIntended')!;
      const last = decided.findLast((one) => one.n < order.n)!;
      const sent = await plant(
        account,
        'sent',
        new Map([[order.n, (text) => text.replace(/"clientOrderId":"/, '"clientOrderId":"x')]]),
      );
      const named = (await compareDecisions(redis, sent))!.divergence!;
      assert.equal([named.fields, named.entryId], [['clientOrderId'], last.event.entryId]);

      // Of a trader that was killed the ledger ends, and the log goes on.
      const killed = (await compareDecisions(redis, await plant(account, 'killed', new Map(), decided[20]!.n)))!;
      assert.equal([killed.difference, killed.decisions], [null, 21]);
      assert.equal(killed.curves.forward, equities.slice(0, 21));
      assert.equal(killed.curves.backtest, equities.slice(0, 21));

      // As the job does it.
      const said: JobProgress[] = [];
      const tools = { redis, signal: new AbortController().signal, report: (one: JobProgress) => said.push(one) };
      const result = await verifyDecisions.run({ account }, tools as never);
      assert.equal(result, same);
      assert.equal([said.at(-1)!.unit, said.at(-1)!.share], ['decisions', 1]);
      const stop = new AbortController();
      stop.abort(new Error('enough'));
      const stopped = await verifyDecisions.run({ account }, { ...tools, signal: stop.signal } as never).catch(String);
      assert.is(stopped, 'Error: enough');
    },
    { strategy: `model:${id}`, parameters: {} },
  ));

test('an account that never traded is refused, with the nearest that did', async () => {
  await redis.sadd(ACCOUNTS_KEY, 'compared');
  const refused: unknown = await verifyDecisions.check!(redis, { account: 'comparde' }).catch(
    (error: unknown) => error,
  );
  assert.instance(refused, BadJobData);
  assert.match(
    (refused as Error).message,
    /data\/account: expected one that has traded.*did you mean compared.*found comparde/,
  );
  assert.is(await compareDecisions(redis, 'nobody'), undefined);
});

test('closes', () => redis.disconnect());

test.run();
