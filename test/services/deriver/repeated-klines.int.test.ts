import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { questdbRows } from '../../../infra/questdb.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { deriveRecording } from '../../../services/deriver/derive-recording.ts';
import { verifyRecording } from '../../../services/deriver/verify-recording.ts';
import { ensureReadableTables } from '../../../services/features/feature-table.ts';
import { createAppender } from '../../../streams/append.ts';
import { importEntryId } from '../../../streams/id.ts';
import { registerRecording } from '../../../streams/recordings.ts';
import { testInstrument, testServers } from '../../support/servers.ts';

const test = suite('services/deriver/repeated-klines');

const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const RECORDING = 'de51de000002';
const START_MS = 1_723_161_240_000;

/** Derives each group of klines by itself, so that they are committed one after the other. */
async function storedBars(
  ...groups: readonly (readonly (readonly [minute: number, volume: string, isClosed: boolean])[])[]
): Promise<unknown[]> {
  await ensureReadableTables(questdbUrl);
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  try {
    const appender = createAppender({ redis, instrument, recording: RECORDING });
    await registerRecording(redis, instrument, { recording: RECORDING, kind: 'import' });
    let atMs = START_MS + 600_000;
    for (const group of groups) {
      for (const [minute, v, x] of group) {
        const t = START_MS + minute * 60_000;
        const k = { t, i: '1m', o: '10', h: '12', l: '9', c: '11', v, q: '50.5', V: '2.25', n: 3, x };
        const payload = JSON.stringify({ e: 'kline', E: atMs, k });
        const receiveTimeUs = atMs * 1_000;
        await appender.append([{ channel: 'kline_1m', payload, receiveTimeUs }], {
          entryId: importEntryId(receiveTimeUs, undefined),
        });
        atMs += 1_000;
      }
      await deriveRecording({ redis, questdbUrl, instrument, recording: RECORDING });
    }
    const { differences } = await verifyRecording({ redis, questdbUrl, instrument, recording: RECORDING });
    assert.equal(differences, [], 'and it is what the log gives');
    const rows = await questdbRows(
      questdbUrl,
      `SELECT cast(ts as long) ts, volume, source FROM bars WHERE symbol = '${instrument}' ORDER BY ts`,
    );
    return rows.map(({ ts, volume, source }) => [(Number(ts) / 1_000 - START_MS) / 60_000, volume, source]);
  } finally {
    await redis.quit();
  }
}

test('a kline that comes again, at once or later, is stored once', async () => {
  const expected = [
    [1, 5, 'kline'],
    [2, 7, 'kline'],
  ];
  assert.equal(
    await storedBars([
      [1, '5', true],
      [1, '5', true],
      [2, '7', true],
    ]),
    expected,
  );
  assert.equal(
    await storedBars(
      [
        [1, '5', true],
        [2, '7', true],
      ],
      [[1, '5', true]],
      [[2, '7', true]],
    ),
    expected,
  );
});

test('a kline that comes after later ones is stored in its place, and changes no other', async () => {
  const expected = [
    [1, 5, 'kline'],
    [2, 7, 'kline'],
    [3, 8, 'kline'],
  ];
  assert.equal(
    await storedBars(
      [
        [2, '7', true],
        [3, '8', true],
      ],
      [[1, '5', true]],
    ),
    expected,
  );
  assert.equal(
    await storedBars([
      [1, '5', true],
      [3, '8', true],
      [2, '7', true],
    ]),
    expected,
  );
});

test('a kline that says that it was sent before what the log has is refused by the log, which marks a gap', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  try {
    const appender = createAppender({ redis, instrument, recording: RECORDING });
    const append = async (E: number) => {
      const event = { channel: 'kline_1m', payload: JSON.stringify({ e: 'kline', E, k: {} }), receiveTimeUs: 1_000 };
      const { appended, duplicates, gaps, deadLetters } = await appender.append([event], { entryId: `${++entry}-0` });
      return [appended, duplicates.length, gaps.length, deadLetters.length];
    };
    let entry = 0;
    assert.equal(await append(2_000), [1, 0, 0, 0]);
    assert.equal(await append(2_000), [0, 1, 0, 0], 'the same again is not logged again');
    assert.equal(await append(1_000), [0, 0, 1, 1]);
  } finally {
    await redis.quit();
  }
});

test('of a kline that comes again with other figures the last counts; an open one that comes late does not', async () => {
  const expected = [[1, 6, 'kline']];
  assert.equal(
    await storedBars(
      [[1, '5', true]],
      [
        [1, '6', true],
        [1, '4', false],
      ],
    ),
    expected,
  );
});

test.run();
