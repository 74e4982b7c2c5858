import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { deriveRecording } from '../../../services/deriver/derive-recording.ts';
import { ensureReadableTables } from '../../../services/features/feature-table.ts';
import { createAppender } from '../../../streams/append.ts';
import type { EventToAppend } from '../../../streams/entry.ts';
import { registerRecording } from '../../../streams/recordings.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { runDon } from '../../support/run-don.ts';
import { testInstrument, testServers } from '../../support/servers.ts';

const test = suite('services/cli/reconcile');

const { redisUrl, questdbUrl, questdbPgUrl } = await testServers('redis', 'questdb');
const folder = mkdtempSync(join(tmpdir(), 'don-reconcile-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const RECORDING = 'de51de000003';
const MINUTE_MS = 60_000;
const START_MS = 1_723_161_240_000;
const timeOf = (minute: number): string => new Date(START_MS + minute * MINUTE_MS).toISOString();

type Payload = readonly [channel: string, payload: Readonly<Record<string, unknown>>];

let trades = 0;
/** A trade of two of the venue's, at so many seconds after the beginning; some before it may be lost. */
function trade(second: number, price: string, qty: string, { isSell = false, lost = 0 } = {}): Payload {
  trades += 1 + lost;
  const ids = { a: trades, f: 2 * trades, l: 2 * trades + 1 };
  return ['aggTrade', { ...ids, p: price, q: qty, T: START_MS + second * 1_000, m: isSell }];
}

/** `[open, high, low, close, volume, quote volume, bought volume, trades]` */
function kline(
  minute: number,
  values: readonly [string, string, string, string, string, string, string, number],
): Payload {
  const [o, h, l, c, v, q, V, n] = values;
  const t = START_MS + minute * MINUTE_MS;
  return ['kline_1m', { e: 'kline', E: t + MINUTE_MS, k: { t, i: '1m', o, h, l, c, v, q, V, n, x: true } }];
}

const INSTRUMENT: Payload = [
  'instrument',
  {
    symbol: 'BTCUSDT',
    filters: [
      { filterType: 'PRICE_FILTER', tickSize: '0.10' },
      { filterType: 'LOT_SIZE', stepSize: '0.001' },
    ],
  },
];

/** Minute 1 as it is, minute 2 without a trade, minute 3 as it is, and 0 and 4 at the ends. */
const SOUND: readonly Payload[] = [
  INSTRUMENT,
  trade(30, '100.0', '1.000'),
  trade(61, '100.1', '0.100'),
  trade(80, '100.3', '0.200', { isSell: true }),
  kline(0, ['99.0', '100.0', '99.0', '100.0', '9', '900', '9', 12]),
  kline(1, ['100.1', '100.3', '100.1', '100.3', '0.300', '30.07', '0.100', 4]),
  kline(2, ['100.3', '100.3', '100.3', '100.3', '0', '0', '0', 0]),
  trade(181, '100.2', '0.500'),
  kline(3, ['100.2', '100.2', '100.2', '100.2', '0.500', '50.1', '0.500', 2]),
  trade(250, '100.4', '0.500'),
];

/** Minute 5 lacks a trade that came in minute 6; minute 7 has another high; the kline of minute 8 never came; 9 has a gap. */
const UNSOUND: readonly Payload[] = [
  ...SOUND,
  kline(4, ['100.4', '100.4', '100.4', '100.4', '0.500', '50.2', '0.500', 2]),
  trade(305, '100.0', '1.000'),
  trade(361, '100.0', '1.000'),
  trade(359, '100.0', '0.250'),
  kline(5, ['100.0', '100.0', '100.0', '100.0', '1.250', '125', '1.250', 4]),
  kline(6, ['100.0', '100.0', '100.0', '100.0', '1.000', '100', '1.000', 2]),
  trade(421, '100.0', '1.000'),
  kline(7, ['100.0', '100.1', '100.0', '100.0', '1.000', '100', '1.000', 2]),
  trade(481, '100.0', '1.000'),
  trade(541, '100.0', '1.000'),
  trade(601, '100.0', '1.000', { lost: 3 }),
  kline(9, ['1', '1', '1', '1', '1', '1', '1', 1]),
];

async function recorded(payloads: readonly Payload[]): Promise<string> {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  try {
    await ensureReadableTables(questdbUrl);
    const events = payloads.map(([channel, payload], n): EventToAppend => {
      return { channel, payload: JSON.stringify(payload), receiveTimeUs: (START_MS + 700_000 + n) * 1_000 };
    });
    const appender = createAppender({ redis, instrument, recording: RECORDING });
    for (const { entryId, events: part } of entriesOf(events)) await appender.append(part, { entryId });
    await registerRecording(redis, instrument, { recording: RECORDING, kind: 'import', counts: { aggTrade: 1 } });
    await deriveRecording({ redis, questdbUrl, instrument, recording: RECORDING });
  } finally {
    await redis.quit();
  }
  return instrument;
}

const DON = {
  home: join(folder, 'home'),
  cwd: folder,
  env: { DON_REDIS_URL: redisUrl, DON_QUESTDB_URL: questdbUrl, DON_QUESTDB_PG_URL: questdbPgUrl },
};
const reconcile = (...args: string[]) => runDon(['reconcile', ...args], DON);

const sound = await recorded(SOUND);
const unsound = await recorded(UNSOUND);

test('bars that are as the klines say exit with 0, in one line', async () => {
  const { status, stdout, stderr } = await reconcile('--instrument', sound);
  assert.is(status, 0, stderr);
  assert.is(
    stdout,
    `${sound}, recording ${RECORDING}, 1m: 3 compared, all equal; 2 not compared, where trades are missing or may be.\n`,
  );
});

test('differences are told field by field with their reason, and exit with 1', async () => {
  const { status, stdout, stderr } = await reconcile('--instrument', unsound);
  assert.is(status, 1, stderr);
  const lines = stdout.split('\n').map((line) => line.split(/ {2,}/).map((cell) => cell.trim()));
  assert.equal(lines.slice(0, -2), [
    ['TIME', 'FIELD', 'TRADES', 'KLINE', 'DIFFERENCE', 'REASON'],
    [timeOf(5), 'volume', '1', '1.25', '-0.25', 'late trades'],
    [timeOf(5), 'quote_volume', '100', '125', '-25', 'late trades'],
    [timeOf(5), 'buy_volume', '1', '1.25', '-0.25', 'late trades'],
    [timeOf(5), 'trades', '2', '4', '-2', 'late trades'],
    [timeOf(6), 'volume', '1.25', '1', '0.25', 'late trades'],
    [timeOf(6), 'quote_volume', '125', '100', '25', 'late trades'],
    [timeOf(6), 'buy_volume', '1.25', '1', '0.25', 'late trades'],
    [timeOf(6), 'trades', '4', '2', '2', 'late trades'],
    [timeOf(7), 'high', '100', '100.1', '-0.1', '–'],
    [timeOf(8), 'missing kline', '1', '–', '–', '–'],
  ]);
  assert.is(
    stdout.split('\n').at(-2),
    `${unsound}, recording ${RECORDING}, 1m: 8 compared, 4 differ (2 of them by late trades): high in 1 by up to 0.1, volume in 2 by up to 0.25, quote_volume in 2 by up to 25, buy_volume in 2 by up to 0.25, trades in 2 by up to 2, 1 without a kline; 3 not compared, where trades are missing or may be.`,
  );
});

test('as JSON everything is there', async () => {
  const { status, stdout } = await reconcile('--instrument', unsound, '--recording', RECORDING, '--json');
  assert.is(status, 1);
  const { instrument, interval, items } = JSON.parse(stdout);
  assert.equal([instrument, interval, items.length], [unsound, '1m', 1]);
  const { fields, differences, ...counts } = items[0];
  assert.equal(counts, {
    recording: RECORDING,
    compared: 8,
    differing: 4,
    late: 2,
    missingBars: 0,
    missingKlines: 1,
    notCompared: 3,
  });
  assert.is(differences.length, 10);
  assert.equal(fields.trades, { count: 2, largest: 2 });
  assert.equal(differences[0], {
    openTimeMs: START_MS + 5 * MINUTE_MS,
    field: 'volume',
    traded: 1,
    kline: 1.25,
    difference: -0.25,
    isLate: true,
  });
});

test('a span of time alone is compared', async () => {
  const sounder = await reconcile('--instrument', unsound, '--to', timeOf(5));
  assert.is(sounder.status, 0, sounder.stdout);
  const one = await reconcile('--instrument', unsound, '--from', timeOf(7), '--to', timeOf(8), '--json');
  assert.is(one.status, 1);
  assert.equal(
    JSON.parse(one.stdout).items[0].differences.map(({ field }: { field: string }) => field),
    ['high'],
  );
});

test('refuses bad input with 2, and what has nothing to compare', async () => {
  const cases: readonly (readonly [args: readonly string[], says: string])[] = [
    [['--interval', '5m'], '--interval: expected one of 1s, 1m, found 5m'],
    [['--interval', '1s'], 'nothing to compare: no recording of'],
    [['--from', '2030-01-01'], 'nothing to compare: no recording of'],
    [['--from', 'noon'], '--from: expected a time such as'],
    [['--recording', 'abc'], 'has no recording "abc"'],
    [['everything'], 'don reconcile: expected flags only, found everything'],
  ];
  for (const [args, says] of cases) {
    const { status, stdout, stderr } = await reconcile('--instrument', sound, ...args);
    assert.is(status, 2, args.join(' '));
    assert.match(stderr, says);
    assert.is(stdout, '');
  }
  const { stderr } = await reconcile('--instrument', sound, '--interval', '1s');
  assert.match(stderr, `recording ${RECORDING} is passed over: it has 5 bars and 0 klines of 1s`);
});

test.run();
