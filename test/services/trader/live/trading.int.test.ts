// time limit: 480 s

import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LedgerState } from '../../../../operators/ledger/ledger.ts';
import { verifySession } from '../../../../services/trader/verify-session.ts';
import { until } from '../../../support/until.ts';
import { bothAccounts, idsAtExchange, takenOrders, withLiveRig } from './live-rig.ts';

const test = suite('services/trader/live/trading');

test('trades with the real SDK, and ends with the account that the ledger folds to, to the last unit', () =>
  withLiveRig(async (rig) => {
    const trader = await rig.begin();
    await rig.start();
    await rig.until('it trades both ways', ({ fills }) => fills >= 12);
    await until('it says so', () => trader.status().session?.mode === 'live');
    await rig.tell({ type: 'stop', flattens: true });
    await rig.until('it is stopped', ({ session }) => session === null);
    const state = await rig.ledger();
    assert.is(state.closed?.reason, 'stopped');
    const { ledger, exchange } = await bothAccounts(rig, state);
    assert.equal(ledger, exchange);
    assert.equal([state.open.size, state.account!.state.books[0]!.both.steps], [0, 0]);
    const events = await rig.events();
    assert.equal((await idsAtExchange(rig)).sort(), takenOrders(events).sort(), 'each order once, and no other');
    const facts = events.flatMap((event) =>
      event.type === 'orderReported' ? [JSON.stringify([event.orderId, event.fact])] : [],
    );
    assert.is(new Set(facts).size, facts.length, 'each word of the exchange once');
  }));

const FUNDING_MS = Date.UTC(2026, 10, 27, 8);

/** On a market that settles funding so soon. @returns whether it had bought by then */
async function holdsOverFunding(soonMs: number): Promise<boolean> {
  let hasBought = false;
  await withLiveRig(
    async (rig) => {
      await rig.begin();
      await rig.start({ strategy: fileURLToPath(new URL('buy-once.ts', import.meta.url)), parameters: {} });
      const isSettled = ({ account }: LedgerState) => (account?.state.fundingE8 ?? 0) !== 0;
      const isPast = () => rig.venue.state().clockMs >= FUNDING_MS;
      await rig.until('it has bought', ({ fills }) => fills > 0 || isPast());
      hasBought = !isPast();
      if (!hasBought) return;
      await rig.until('funding is settled', isSettled);
      await rig.tell({ type: 'stop', flattens: true });
      await rig.until('it is stopped', ({ session }) => session === null);
      const { ledger, exchange } = await bothAccounts(rig, await rig.ledger());
      assert.equal(ledger, exchange);
      const { difference, events } = (await verifySession(rig.redis, rig.account))!;
      assert.equal([difference, events], [null, (await rig.events()).length - 2]);
    },
    { anchorMs: FUNDING_MS - soonMs, pace: 1 },
  );
  return hasBought;
}

test('funding is booked as the exchange settles it, and a session is verified from the log and the ledger', async () => {
  // A busy machine needs longer until it has bought.
  for (let soonMs = 20_000; !(await holdsOverFunding(soonMs)); soonMs *= 2)
    assert.ok(soonMs < 100_000, `it has not bought within ${soonMs} ms`);
});

test.run();
