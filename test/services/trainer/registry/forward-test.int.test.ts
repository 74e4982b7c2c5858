import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../../infra/redis.ts';
import type { SessionClosed, SessionOpened } from '../../../../operators/ledger/ledger-event.ts';
import { checkForwardTest, forwardSum } from '../../../../services/trainer/registry/forward-test.ts';
import { forwardTestOf } from '../../../../services/trainer/registry/forward-test-of.ts';
import { promoteModel } from '../../../../services/trainer/registry/promote-model.ts';
import { registerModel } from '../../../../services/trainer/registry/register-model.ts';
import { LIVE, rawKey } from '../../../../streams/keys.ts';
import { testServers } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';
import { madeEntries } from '../../trader/made-session.ts';
import { BEFORE, isOn, ownEvents, tradingOn } from '../../trader/trading-rig.ts';
import { BECAUSE, goodModel, home, pool, refusal } from './registry-rig.ts';

const test = suite('services/trainer/registry/forward-test');
process.env['DON_HOME'] = home;
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const [record, other] = await Promise.all(
  [1, 2].map(async (seed) => (await registerModel(pool, home, goodModel(seed), { who: 'eve' })).record),
);
const ENTRIES = madeEntries(2_500);
const withTrading = tradingOn(redis, redisUrl, ENTRIES);
const strategyOf = ({ id }: { readonly id: string }) => ({ strategy: `model:${id}`, parameters: {} });
type Own = Awaited<ReturnType<typeof ownEvents>>;

/** What the ledger has of each session. */
function sessionsOf(own: Own) {
  const begins = own.flatMap(({ event }, n) => (event.type === 'sessionOpened' ? [n] : []));
  return begins.map((begin, n) => {
    const events = own.slice(begin, begins[n + 1]).map(({ event }) => event);
    return {
      opened: events[0] as SessionOpened,
      closed: events.find(({ type }) => type === 'sessionClosed') as SessionClosed | undefined,
      decisions: events.filter(({ type }) => type === 'decided').length,
      fills: events.filter((event) => event.type === 'account' && event.event.type === 'fill').length,
    };
  });
}

test('what a model did on paper is found by running its sessions again, and what a promotion rests on', () =>
  withTrading(async ({ account, instrument, grow, start, status, isThrough }) => {
    let from = BEFORE;
    const trade = async (to: number): Promise<void> => {
      await grow(from, to);
      await until('all is read', () => isThrough(ENTRIES.slice(0, to)));
      from = to;
    };
    const startOther = async (model: typeof record): Promise<void> => {
      const before = status().session!.session;
      await start(strategyOf(model!));
      await until('another session', () => isOn(status()) && status().session!.session !== before);
    };
    await trade(280);
    await startOther(other);
    await trade(340);
    await startOther(record);
    await trade(ENTRIES.length);
    const [first, between, second] = sessionsOf(await ownEvents(redis, account));
    const of = { model: record!.id, instrument, sinceMs: null };
    const found = await forwardTestOf(redis, account, of);
    assert.equal(
      { ...found, sessions: found.sessions.map((session) => ({ ...session, equity: 0, toMs: 0 })) },
      {
        account,
        strategy: `model:${record!.id}`,
        instrument,
        sessions: [first!, second!].map(({ opened, decisions, fills }) => ({
          session: opened.session,
          fromMs: Math.floor(opened.tradesFromUs / 1_000),
          toMs: 0,
          haltedMs: 0,
          decisions,
          differences: 0,
          initialEquity: opened.settings.balance,
          equity: 0,
          fills,
          liquidations: 0,
          obstacle: null,
        })),
        leftOut: { others: 1, earlier: 0, live: 0 },
      },
    );
    assert.is(between!.opened.settings.strategy, `model:${other!.id}`);
    const [one, two] = found.sessions;
    for (const { decisions, fills, fromMs, toMs } of [one!, two!])
      assert.ok(decisions > 10 && fills > 0 && toMs > fromMs, JSON.stringify(found));
    assert.is(one!.equity.toFixed(6), first!.closed!.equity.toFixed(6));
    // The other model's time is between them, and is not theirs.
    const { tradedMs, decisions, total, toMs, fromMs } = forwardSum(found);
    assert.ok(one!.toMs < two!.fromMs && tradedMs < toMs - fromMs);
    assert.is(decisions, first!.decisions + second!.decisions);
    assert.is((1 + total).toFixed(9), ((one!.equity / 10_000) * (two!.equity / 10_000)).toFixed(9));
    assert.equal(checkForwardTest(JSON.parse(JSON.stringify(found))), found);

    const since = await forwardTestOf(redis, account, { ...of, sinceMs: second!.opened.timeMs });
    assert.equal([since.sessions, since.leftOut], [[two], { others: 1, earlier: 1, live: 0 }]);
    const late = refusal(forwardTestOf(redis, account, { ...of, sinceMs: second!.opened.timeMs + 1 }));
    assert.match(
      await late,
      /begun since it came to paper, found account-.*, which has 1 of something else, 2 from before/,
    );
    // On another instrument than the one that it was trained on.
    const promotion = { model: record!.id, to: 'live', evaluation: found, ...BECAUSE } as const;
    assert.match(
      await refusal(promoteModel(pool, promotion)),
      /^evaluation\/instrument: expected simulated:BTCUSDT, found/,
    );

    // What is gone from the log is told as the ledger has it, and verifies nothing.
    await redis.xtrim(rawKey(instrument, LIVE), 'MINID', second!.opened.fromEntryId);
    const [gone, kept] = (await forwardTestOf(redis, account, of)).sessions;
    assert.equal(kept, two);
    assert.match(String(gone!.obstacle), /log no longer holds/);
    assert.equal([gone!.decisions, gone!.fills, gone!.equity], [0, first!.fills, first!.closed!.equity]);
  }, strategyOf(record!)));

test('an account that has not traded has no forward test', async () => {
  const of = { model: record!.id, instrument: 'simulated:BTCUSDT', sinceMs: null };
  assert.match(
    await refusal(forwardTestOf(redis, 'nobody', of)),
    /^--account: expected one with a paper session of model:[0-9a-f]{16} on simulated:BTCUSDT, .*, found nobody, which has 0/,
  );
});

test('ends', async () => {
  redis.disconnect();
  await pool.end();
});

test.run();
