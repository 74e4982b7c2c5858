// time limit: 600 s

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionSettings } from '../../../../operators/ledger/ledger-event.ts';
import { seededRandom } from '../../../operators/market-events.ts';
import { SYMBOL } from '../../recorder/rig.ts';
import { answered } from '../../venue/private/trader.ts';
import { amendsOf, BUSY, beyond, withLiveRig } from './live-rig.ts';
import { settle } from './settle.ts';

const test = suite('services/trader/live/killed');

/** DON_KILLS=200 for the whole of it. */
const KILLS = Number(process.env['DON_KILLS'] ?? 10);
/** Every other kill comes at any time from the start on, where it runs again what was; the others while it trades. */
const STARTING_MS = 3_000;
const TRADING_MS = 800;
/** What a trader says where a busy machine keeps the venue from answering in time: now and then, not most of the time. */
const TOO_SLOW = /dead man’s switch was not renewed: (ECONNABORTED|ETIMEDOUT|Timestamp for this request)/;

/** Kills a trader at random moments, as often as it is said, and compares all that it did with the exchange. */
const killed = (kills: number, settings?: Partial<SessionSettings>): Promise<void> =>
  withLiveRig(
    async (rig) => {
      const { account, venue, redisUrl } = rig;
      const seed = Date.now() % 1_000_000;
      console.log(`seed ${seed}, ${kills} kills`);
      const random = seededRandom(seed);
      const { apiKey, secret } = venue.credentials('demo');
      let said = '';

      function begin(): ChildProcess {
        const file = fileURLToPath(new URL('trade-one-live.ts', import.meta.url));
        const env = { ...process.env, DON_BINANCE_KEY: apiKey, DON_BINANCE_SECRET: secret };
        const args = [file, redisUrl, account, venue.restUrl];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
        child.stderr!.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
        return child;
      }

      const intents = async () => (await rig.events()).filter(({ type }) => type.endsWith('Intended')).length;
      async function tradesOn(more: number): Promise<void> {
        const before = await intents();
        await rig.until('it trades on', async () => (await intents()) > before + more);
      }

      let child = begin();
      try {
        await rig.start(settings);
        await tradesOn(3);
        for (let kill = 0; kill < kills; kill++) {
          if (kill % 2 === 0) await tradesOn(3);
          await sleep(random() * (kill % 2 === 0 ? TRADING_MS : STARTING_MS));
          child.kill('SIGKILL');
          await once(child, 'exit');
          child = begin();
        }
        await tradesOn(5);
        const events = await rig.events();
        assert.is(events.filter(({ type }) => type === 'sessionOpened').length, 1, 'one session, run again each time');
        await settle(rig);
        const { fills } = await rig.ledger();
        const resumed = (await rig.events()).filter(({ type }) => type === 'tradingResumed').length;
        console.log(`${await intents()} intents, ${fills} fills, went on ${resumed} times`);
        assert.ok(resumed >= kills / 2, `it went on trading ${resumed} times`);
        const errors = said.split('\n').filter((line) => line.includes('"error"'));
        const late = errors.filter((line) => TOO_SLOW.test(line));
        assert.equal(beyond(errors, late), []);
        const renewals = venue.state().rest.requests['/fapi/v1/countdownCancelAll']!;
        assert.ok(late.length <= renewals / 3, `${late.length} of ${renewals} renewals were not answered in time`);
        const { atExchange, intended } = await amendsOf(rig);
        assert.equal(beyond(atExchange, intended), [], 'no change twice');
      } catch (error) {
        const last = (await rig.events()).slice(-12).map((event) => JSON.stringify(event));
        if (error instanceof Error) error.message += `\n${said.slice(-4_000)}\n${last.join('\n')}`;
        throw error;
      } finally {
        child.kill('SIGKILL');
      }
    },
    { pace: 8 },
  );

const strategyFile = (name: string) => ({ strategy: fileURLToPath(new URL(name, import.meta.url)), parameters: {} });

test('killed at any moments, it sends no order twice, and ends with the account of the exchange', () => killed(KILLS));

test('killed while it amends, it changes no order twice', () => killed(KILLS / 2, strategyFile('amend-quotes.ts')));

test('killed while its conditional orders wait and are triggered, it sends none twice', () =>
  killed(KILLS / 2, strategyFile('stop-guarded.ts')));

test('what a killed trader leaves behind is cancelled by the exchange itself', () =>
  withLiveRig(async (rig) => {
    const { account, venue, redisUrl, rest } = rig;
    const { apiKey, secret } = venue.credentials('demo');
    const file = fileURLToPath(new URL('trade-one-live.ts', import.meta.url));
    const env = { ...process.env, DON_BINANCE_KEY: apiKey, DON_BINANCE_SECRET: secret };
    const child = spawn(process.execPath, [file, redisUrl, account, venue.restUrl, '3000'], { stdio: 'ignore', env });
    const openOrders = () => venue.state().accounts.find(({ name }) => name === 'demo')!.openOrders;
    try {
      await rig.start({ parameters: { ...BUSY, halfSpreadBps: 30, everyMs: 2_000 } });
      // The venue is in this process: nothing happens to them between the look and the kill.
      let killedMs = 0;
      await rig.until('orders rest', () => {
        if (openOrders() === 0) return false;
        killedMs = venue.state().clockMs;
        return child.kill('SIGKILL');
      });
      await once(child, 'exit');
      await rig.until('they are cancelled', () => openOrders() === 0);
      const orders = await answered(rest.getAllOrders({ symbol: SYMBOL, limit: 1000 }));
      const lastMs = Math.max(...orders.filter(({ status }) => status === 'CANCELED').map((order) => order.updateTime));
      assert.ok(lastMs > killedMs, 'they outlive the trader');
      assert.ok(lastMs < killedMs + 30_000, 'no longer than the switch says, not the usual minute');
    } finally {
      child.kill('SIGKILL');
    }
  }));

test.run();
