// time limit: 400 s

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seededRandom } from '../../../operators/market-events.ts';
import { SYMBOL } from '../../recorder/rig.ts';
import { answered } from '../../venue/private/trader.ts';
import { BUSY, bothAccounts, idsAtExchange, takenOrders, withLiveRig } from './live-rig.ts';

const test = suite('services/trader/live/killed');

/** DON_KILLS=200 for the whole of it. */
const KILLS = Number(process.env['DON_KILLS'] ?? 10);
/** Every other kill comes at any time from the start on, where it runs again what was; the others while it trades. */
const STARTING_MS = 3_000;
const TRADING_MS = 800;

test('killed at any moments, it sends no order twice, and ends with the account of the exchange', () =>
  withLiveRig(
    async (rig) => {
      const { account, venue, redisUrl } = rig;
      const seed = Date.now() % 1_000_000;
      console.log(`seed ${seed}, ${KILLS} kills`);
      const random = seededRandom(seed);
      const { apiKey, secret } = venue.credentials('demo');
      let errors = '';
      let said = '';

      function begin(): ChildProcess {
        const file = fileURLToPath(new URL('trade-one-live.ts', import.meta.url));
        const env = { ...process.env, DON_BINANCE_KEY: apiKey, DON_BINANCE_SECRET: secret };
        const args = [file, redisUrl, account, venue.restUrl];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
        child.stderr!.on('data', (bytes: Buffer) => {
          said += bytes.toString();
          for (const line of bytes.toString().split('\n')) if (line.includes('"error"')) errors += line;
        });
        return child;
      }

      let child = begin();
      try {
        await rig.start();
        await rig.until('it trades', ({ intended }) => intended > 3);
        for (let kill = 0; kill < KILLS; kill++) {
          if (kill % 2 === 0) {
            const { intended } = await rig.ledger();
            await rig.until('it trades on', (state) => state.intended > intended + 3, 30_000);
          }
          await sleep(random() * (kill % 2 === 0 ? TRADING_MS : STARTING_MS));
          child.kill('SIGKILL');
          await once(child, 'exit');
          child = begin();
        }
        const { intended } = await rig.ledger();
        await rig.until('it trades again', (state) => state.intended > intended + 5, 30_000);
        const events = await rig.events();
        assert.is(events.filter(({ type }) => type === 'sessionOpened').length, 1, 'one session, run again each time');
        await rig.tell({ type: 'stop', flattens: true });
        await rig.until('it is stopped', ({ session }) => session === null, 40_000);
        const state = await rig.ledger();
        assert.is(state.closed!.reason, 'stopped');
        const { ledger, exchange } = await bothAccounts(rig, state);
        assert.equal(ledger, exchange);
        const ids = await idsAtExchange(rig);
        assert.is(new Set(ids).size, ids.length, 'no order twice');
        assert.equal(ids.sort(), takenOrders(await rig.events()).sort());
        const resumed = (await rig.events()).filter(({ type }) => type === 'tradingResumed').length;
        console.log(`${ids.length} orders, ${state.fills} fills, went on ${resumed} times`);
        assert.ok(resumed >= KILLS / 2, `it went on trading ${resumed} times`);
        assert.is(errors, '');
      } catch (error) {
        if (error instanceof Error) error.message += `\n${said.slice(-4_000)}`;
        throw error;
      } finally {
        child.kill('SIGKILL');
      }
    },
    { pace: 8 },
  ));

test('what a killed trader leaves behind is cancelled by the exchange itself', () =>
  withLiveRig(async (rig) => {
    const { account, venue, redisUrl, rest } = rig;
    const { apiKey, secret } = venue.credentials('demo');
    const file = fileURLToPath(new URL('trade-one-live.ts', import.meta.url));
    const env = { ...process.env, DON_BINANCE_KEY: apiKey, DON_BINANCE_SECRET: secret };
    const child = spawn(process.execPath, [file, redisUrl, account, venue.restUrl, '3000'], { stdio: 'ignore', env });
    const openOrders = async () => (await answered(rest.getAllOpenOrders({ symbol: SYMBOL }))).length;
    try {
      await rig.start({ parameters: { ...BUSY, halfSpreadBps: 30, everyMs: 2_000 } });
      await rig.until('orders rest', async () => (await openOrders()) > 0, 30_000);
      child.kill('SIGKILL');
      await once(child, 'exit');
      assert.ok((await openOrders()) > 0, 'they outlive the trader');
      await rig.until('they are cancelled', async () => (await openOrders()) === 0, 6_000);
    } finally {
      child.kill('SIGKILL');
    }
  }));

test.run();
