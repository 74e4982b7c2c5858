// time limit: 300 s

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../infra/home.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { startVenue, type Venue } from '../../../services/venue/venue.ts';
import { ended } from '../../support/ended.ts';
import { testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { assertBooksStart, auditLog, doBooksStart } from './audit.ts';
import { gapsOf, type LoggedText, readLog } from './log-events.ts';

const test = suite('services/recorder/process.int');

const SYMBOL = 'BTCUSDT';
const INSTRUMENT = `simulated:${SYMBOL}`;

/** Recorders of the test under way: one that failed leaves none behind. */
const children = new Set<ChildProcess>();

interface Started {
  readonly child: ChildProcess;
  /** The ready line; undefined where it ended without one. */
  readonly ready: Promise<Record<string, unknown> | undefined>;
  readonly exit: Promise<number | string>;
  readonly errors: string[];
}

function start(venue: Venue | undefined, env: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, ['services/recorder/main.ts'], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      DON_VENUE: 'simulated',
      DON_INSTRUMENTS: INSTRUMENT,
      ...(venue === undefined ? {} : { DON_VENUE_REST_URL: venue.restUrl, DON_VENUE_WS_URL: venue.wsUrl }),
      ...env,
    },
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const errors: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => errors.push(line));
  const lines = createInterface({ input: child.stdout! });
  const exit = ended(child).then(({ code, signal }) => code ?? signal!);
  const ready = new Promise<Record<string, unknown> | undefined>((resolve) => {
    lines.once('line', (line) => resolve(JSON.parse(line)));
    void exit.then(() => resolve(undefined));
  });
  return { child, ready, exit, errors };
}

async function withVenue(run: (venue: Venue, url: string) => Promise<void>): Promise<void> {
  const url = (await testServers('redis')).redisUrl;
  const redis = await connectRedis(url);
  await redis.flushdb();
  redis.disconnect();
  const venue = await startVenue({ symbols: [SYMBOL] });
  venue.record(500_000);
  try {
    await run(venue, url);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await venue.close();
  }
}

test('killed at random moments and started again: nothing twice, every hole marked or refilled', async () => {
  await withVenue(async (venue, url) => {
    const redis = await connectRedis(url);
    const countOf = (events: readonly LoggedText[], name: string) =>
      events.filter(({ channel }) => channel === name).length;
    /** Each run that writes adds the gap in front of its own: a recorder that finds a heartbeat writes after 2.5 s. */
    const written = async (more: number, isDone: (events: readonly LoggedText[]) => boolean = () => true) => {
      const before = countOf(await readLog(redis, INSTRUMENT), 'markPrice');
      await until('a run that writes', async () => {
        const events = await readLog(redis, INSTRUMENT);
        return countOf(events, 'markPrice') >= before + more && isDone(events);
      });
    };
    const kills = 6;
    for (let kill = 0; kill < kills; kill++) {
      const { child, ready, exit } = start(venue, { DON_REDIS_URL: url });
      // Also while it is still starting.
      if (kill % 3 !== 2) await ready;
      if (kill % 3 === 0) await written(1);
      await sleep(kill % 3 === 0 ? Math.random() * 1_000 : 300 + Math.random() * 2_500);
      child.kill('SIGKILL');
      assert.is(await exit, 'SIGKILL');
    }
    const { child, ready, exit } = start(venue, { DON_REDIS_URL: url });
    await ready;
    const isWhole = (events: readonly LoggedText[]) =>
      doBooksStart(events) && gapsOf(events, 'depth').length >= 2 && countOf(events, 'aggTrade') > 100;
    await written(2, isWhole);
    child.kill('SIGTERM');
    assert.is(await exit, 0);
    const events = await readLog(redis, INSTRUMENT);
    redis.disconnect();
    const result = auditLog(venue.recorded().frames, events, SYMBOL);
    assert.is(result.missing['aggTrade'], 0, 'trades are refilled across the runs');
    assert.equal(gapsOf(events, 'aggTrade'), []);
    assert.ok(gapsOf(events, 'markPrice').length >= 2, 'holes of channels without a chain');
    assert.ok(gapsOf(events, 'depth').length >= 2, 'holes of the diffs');
    assertBooksStart(events);
  });
});

test('writes its status once a second, and takes it back when it ends', async () => {
  await withVenue(async (venue, url) => {
    const { child, ready, exit } = start(venue, { DON_REDIS_URL: url });
    const line = await ready;
    assert.equal({ ...line, pid: 0 }, { service: 'recorder', ready: true, pid: 0, instruments: [INSTRUMENT] });
    const redis = await connectRedis(url);
    const read = async () => JSON.parse((await redis.get('don:status:recorder')) ?? 'null');
    const status = await until('a status of a recorder that is busy', async () => {
      const status = await read();
      const { channels, eventsPerSecond } = status?.instruments?.[INSTRUMENT] ?? {};
      const isBusy = eventsPerSecond > 10 && channels.depth?.events > 5 && channels.depth.lastEventAgeMs < 1_000;
      const isLive = isBusy && status.connections.every(({ phase }: { phase: string }) => phase === 'live');
      // The weight is counted anew each minute.
      const isAsking = status?.usedWeight > 0 && typeof status.clockSkewMs === 'number';
      return isLive && isAsking && Date.now() - status.timeMs < 1_500 && status;
    });
    assert.is(status.connections.length, 2);
    assert.ok((await redis.pttl('don:status:recorder')) <= 5_000);
    assert.ok(status.spoolFill < 0.1);
    await until('the next one', async () => (await read())?.timeMs > status.timeMs);
    child.kill('SIGINT');
    assert.is(await exit, 0);
    assert.is(await redis.get('don:status:recorder'), null);
    redis.disconnect();
  });
});

test('ends by itself when its parent has gone', async () => {
  await withVenue(async (venue, url) => {
    const { child, ready, exit } = start(venue, { DON_REDIS_URL: url });
    await ready;
    child.disconnect();
    assert.is(await exit, 0);
  });
});

test('wrong settings end it with a sentence and the exit status of their kind', async () => {
  await withVenue(async (venue, url) => {
    const cases: [Readonly<Record<string, string>>, number, RegExp][] = [
      [{ DON_REDIS_URL: url, DON_INSTRUMENTS: 'binance-usdm:BTCUSDT' }, 2, /found binance-usdm:BTCUSDT/],
      [{ DON_REDIS_URL: url, DON_INSTRUMENTS: 'simulated:btcusdt' }, 2, /capital letters.*found "btcusdt"/],
      [
        { DON_REDIS_URL: url, DON_INSTRUMENTS: 'simulated:NONE' },
        1,
        /simulated:NONE: expected a symbol of the venue.*BTCUSDT/,
      ],
      [
        { DON_REDIS_URL: url, DON_VENUE_WS_URL: 'wss://fstream.binance.com' },
        2,
        /DON_VENUE_WS_URL: expected a simulated venue/,
      ],
      [
        { DON_REDIS_URL: url, DON_VENUE_REST_URL: 'nonsense' },
        2,
        /DON_VENUE_REST_URL: expected the venue's URL.*"nonsense"/,
      ],
      [
        { DON_REDIS_URL: url, DON_VENUE: 'binance', DON_INSTRUMENTS: 'binance-usdm:BTCUSDT' },
        2,
        /whose addresses are fixed/,
      ],
      [
        { DON_REDIS_URL: url, DON_VENUE: 'binance', DON_INSTRUMENTS: 'binance-spot:BTCUSDT' },
        2,
        /found binance-spot:BTCUSDT/,
      ],
      [{ DON_REDIS_URL: 'redis://127.0.0.1:1/0' }, 3, /Redis at 127.0.0.1:1 cannot be used/],
      [{ DON_REDIS_URL: '' }, 2, /DON_REDIS_URL/],
    ];
    for (const [env, status, sentence] of cases) {
      const { ready, exit, errors } = start(venue, env);
      assert.is(await ready, undefined);
      assert.is(await exit, status, errors.join('\n'));
      assert.match(JSON.parse(errors.at(-1)!).message, sentence);
    }
  });
});

test.run();
