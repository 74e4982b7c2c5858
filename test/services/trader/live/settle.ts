import * as assert from 'uvu/assert';
import { verifySession } from '../../../../services/trader/verify-session.ts';
import { SYMBOL } from '../../recorder/rig.ts';
import { answered } from '../../venue/private/trader.ts';
import {
  algoIdsAtExchange,
  bothAccounts,
  idsAtExchange,
  type LiveRig,
  takenAlgoOrders,
  takenOrders,
} from './live-rig.ts';

/** Stops flat, compares all that the ledger says with the exchange, and runs the session again. */
export async function settle(rig: LiveRig): Promise<void> {
  rig.venue.clearFaults();
  await rig.tell({ type: 'stop', flattens: true });
  await rig.until('it is stopped', ({ session }) => session === null);
  const state = await rig.ledger();
  assert.is(state.closed!.reason, 'stopped');
  const { ledger, exchange } = await bothAccounts(rig, state);
  assert.equal(ledger, exchange);
  const events = await rig.events();
  const ids = await idsAtExchange(rig);
  assert.is(new Set(ids).size, ids.length, 'no order twice');
  assert.equal(ids.sort(), takenOrders(events).sort());
  const algoIds = await algoIdsAtExchange(rig);
  assert.is(new Set(algoIds).size, algoIds.length, 'no conditional order twice');
  assert.equal(algoIds.sort(), takenAlgoOrders(events).sort());
  assert.equal(await answered(rig.rest.getOpenAlgoOrders({ symbol: SYMBOL })), [], 'none waits');
  assert.is((await verifySession(rig.redis, rig.account))!.difference, null);
}
