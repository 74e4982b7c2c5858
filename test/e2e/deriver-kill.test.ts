import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../infra/home.ts';
import { questdbQuery } from '../../infra/questdb.ts';
import { connectRedis } from '../../infra/redis.ts';
import { verifyRecording } from '../../services/deriver/verify-recording.ts';
import { ensureReadableTables } from '../../services/features/feature-table.ts';
import { createAppender } from '../../streams/append.ts';
import { getCheckpoint } from '../../streams/checkpoint.ts';
import { featuresKey, LIVE, rawKey } from '../../streams/keys.ts';
import { streamBounds } from '../../streams/stream-bounds.ts';
import { benchPayloads } from '../bench/bench-payloads.ts';
import { testInstrument, testServers } from '../support/servers.ts';
import { until } from '../support/until.ts';

// time limit: 480 s

const test = suite('e2e/deriver-kill');

const EVENTS = 6_000;
const EVENTS_AN_ENTRY = 6;
const KILLS = 4;

interface Market {
  readonly redis: Redis;
  readonly instrument: string;
  readonly env: Readonly<Record<string, string>>;
  readonly questdbUrl: string;
}

async function withMarket(run: (market: Market) => Promise<void>): Promise<void> {
  const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const env = {
    DON_REDIS_URL: redisUrl,
    DON_QUESTDB_URL: questdbUrl,
    DON_INSTRUMENTS: instrument,
    DON_VENUE: 'simulated',
  };
  try {
    await ensureReadableTables(questdbUrl);
    await run({ redis, instrument, env, questdbUrl });
  } finally {
    redis.disconnect();
  }
}

function startDeriver(env: Readonly<Record<string, string>>): ChildProcess {
  const file = join(REPOSITORY, 'services', 'deriver', 'main.ts');
  return spawn(process.execPath, [file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}

/** @param mayGoOn awaited before each event at that place of the log */
async function appendAll(
  { redis, instrument }: Market,
  everyMs: number,
  mayGoOn?: (at: number) => Promise<unknown>,
): Promise<void> {
  const payloads = benchPayloads({ captures: undefined, say: () => {} }).payloads.slice(0, EVENTS);
  const appender = createAppender({ redis, instrument });
  for (let at = 0; at < payloads.length; at += EVENTS_AN_ENTRY) {
    await mayGoOn?.(at);
    const receiveTimeUs = Date.now() * 1_000;
    await appender.append(
      payloads.slice(at, at + EVENTS_AN_ENTRY).map(([channel, payload]) => ({ channel, payload, receiveTimeUs })),
    );
    if (everyMs > 0 && at % 60 === 0) await sleep(everyMs);
  }
}

async function derivedUpTo({ redis, instrument }: Market): Promise<string | undefined> {
  return (await getCheckpoint(redis, { instrument, consumer: 'deriver' }))?.entryId;
}

async function untilDerived(market: Market): Promise<void> {
  const { lastId } = await streamBounds(market.redis, rawKey(market.instrument, LIVE));
  await until(`a checkpoint at ${lastId}`, async () => (await derivedUpTo(market)) === lastId, 180_000);
}

test('a deriver killed again and again leaves the rows of one that was not, and each derived entry once', () =>
  withMarket(async (market) => {
    const { redis, instrument, env, questdbUrl } = market;
    const key = featuresKey(instrument);
    const lastDerived = async (): Promise<string> => (await streamBounds(redis, key)).lastId;
    const kills = Array.from({ length: KILLS }, () => Promise.withResolvers<void>());
    // Each kill has a part of the log that is written around it.
    const appending = appendAll(market, 60, async (at) => kills[Math.floor((at / EVENTS) * (KILLS + 1)) - 1]?.promise);
    let deriver = startDeriver(env);
    for (const [kill, { resolve }] of kills.entries()) {
      const before = await lastDerived();
      await until('a deriver at work', async () => (await lastDerived()) !== before);
      await sleep(200 * kill);
      await ended(deriver, 'SIGKILL');
      deriver = startDeriver(env);
      resolve();
    }
    await appending;
    await untilDerived(market);
    await ended(deriver, 'SIGTERM');
    const report = await verifyRecording({ redis, questdbUrl, instrument, recording: LIVE });
    assert.equal(report.differences, []);
    assert.is(report.differenceCount, 0);
    assert.ok(
      report.rows['book_top']! > EVENTS * 0.9,
      `expected a row for most of ${EVENTS} diffs, found ${report.rows['book_top']}`,
    );
    const raw = new Set((await redis.xrange(rawKey(instrument, LIVE), '-', '+')).map(([id]) => id));
    const derived = (await redis.xrange(featuresKey(instrument), '-', '+')).map(([id]) => id);
    assert.is(new Set(derived).size, derived.length);
    assert.ok(
      derived.every((id) => raw.has(id)),
      'each derived entry has the id of a raw one',
    );
    assert.ok(
      derived.length >= raw.size - 2,
      `expected a derived entry for each of ${raw.size}, found ${derived.length}`,
    );
  }));

test('verify names the first row that is not what the log gives', () =>
  withMarket(async (market) => {
    const { redis, instrument, env, questdbUrl } = market;
    await appendAll(market, 0);
    const deriver = startDeriver(env);
    await untilDerived(market);
    await ended(deriver, 'SIGTERM');
    const options = { redis, questdbUrl, instrument, recording: LIVE };
    assert.is((await verifyRecording(options)).differenceCount, 0);
    const where = `WHERE symbol = '${instrument}' AND update_id = 2000`;
    await questdbQuery(questdbUrl, `UPDATE book_top SET bid_qty = bid_qty + 0.001 ${where}`);
    const { differenceCount, differences } = await verifyRecording(options);
    assert.is(differenceCount, 1);
    assert.is(differences[0]!.table, 'book_top');
    assert.is(differences[0]!.column, 'bid_qty');
    assert.is(differences[0]!.kind, 'differs');
  }));

test.run();
