import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { questdbRows } from '../../../infra/questdb.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { deriveRecording } from '../../../services/deriver/derive-recording.ts';
import { verifyRecording } from '../../../services/deriver/verify-recording.ts';
import { ensureReadableTables } from '../../../services/features/feature-table.ts';
import { createAppender } from '../../../streams/append.ts';
import { getCheckpoint } from '../../../streams/checkpoint.ts';
import { listDeadLetters } from '../../../streams/dead-letter.ts';
import type { EventToAppend } from '../../../streams/entry.ts';
import { featuresKey } from '../../../streams/keys.ts';
import { registerRecording } from '../../../streams/recordings.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { assertStored, expectedOf } from './stored-and-expected.ts';

const test = suite('services/deriver/derive-recording');

const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const RECORDING = 'de51de000001';

interface Import {
  readonly redis: Redis;
  readonly instrument: string;
  readonly recording: string;
  readonly questdbUrl: string;
}

/** Appends the events as an import's; `complete` says that it has ended. */
async function withImport(
  events: readonly EventToAppend[],
  work: (imported: Import, complete: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await ensureReadableTables(questdbUrl);
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  try {
    const appender = createAppender({ redis, instrument, recording: RECORDING });
    for (const { entryId, events: part } of entriesOf(events, [40])) await appender.append(part, { entryId });
    const known = { recording: RECORDING, kind: 'import' } as const;
    await registerRecording(redis, instrument, known);
    const complete = () => registerRecording(redis, instrument, { ...known, counts: { depth: 1 } });
    await work({ redis, instrument, recording: RECORDING, questdbUrl }, complete);
  } finally {
    await redis.quit();
  }
}

test('derives all rows of an import, which can be read when it returns; a second time there is nothing to do', async () => {
  await withImport(madeMarket({ seed: 23, events: 3_000 }), async (imported, complete) => {
    await complete();
    const { redis, instrument } = imported;
    const seen: number[] = [];
    const report = await deriveRecording({ ...imported, onProgress: (events) => seen.push(events) });
    const where = `WHERE symbol = '${instrument}' AND recording = '${RECORDING}'`;
    const [found] = await questdbRows(questdbUrl, `SELECT count() n FROM trades ${where}`);
    const expected = await expectedOf(redis, instrument, RECORDING);
    assert.is(found!['n'], expected.rows.get('trades')!.size, 'can be read at once');
    const counts = await assertStored(questdbUrl, instrument, RECORDING, expected);
    assert.is(report.refused, expected.refused.length);
    assert.ok(report.rows >= Object.values(counts).reduce((sum, count) => sum + count, 0));
    assert.ok(report.gaps > 0 && report.events > 2_900);
    assert.is(seen.at(-1), report.events);
    assert.is(await redis.exists(featuresKey(instrument)), 0, 'an import has nobody to stream to');

    const again = await deriveRecording(imported);
    assert.equal(again, { entries: 0, events: 0, rows: 0, refused: 0, gaps: 0 });
    await assertStored(questdbUrl, instrument, RECORDING, expected);
    const letters = await listDeadLetters(redis, instrument);
    assert.is(letters.filter(({ reason }) => reason.includes(' of the log)')).length, expected.refused.length);
  });
});

test('one that was not complete yet is gone on with when it is, and its last bars are closed then', async () => {
  await withImport(madeMarket({ seed: 24, events: 400, hasFaults: false }), async (imported, complete) => {
    const { redis, instrument } = imported;
    const early = await deriveRecording(imported);
    await complete();
    const late = await deriveRecording(imported);
    assert.is(late.entries, 0);
    assert.is(late.rows, 2, 'the last second and the last minute');
    assert.ok(early.rows > 100);
    const expected = await expectedOf(redis, instrument, RECORDING);
    await assertStored(questdbUrl, instrument, RECORDING, expected);
  });
});

test('killed in the middle, it goes on from its checkpoint and leaves the rows of one that was not', async () => {
  // There is a checkpoint behind 20,000 entries.
  const events = madeMarket({ seed: 25, events: 28_000, hasFaults: false });
  await ensureReadableTables(questdbUrl);
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const imported = { redis, instrument, recording: RECORDING, questdbUrl };
  let child: ChildProcess | undefined;
  try {
    const appender = createAppender({ redis, instrument, recording: RECORDING });
    let last = Promise.resolve<unknown>(undefined);
    for (const { entryId, events: part } of entriesOf(events, [1])) last = appender.append(part, { entryId });
    await last;
    await registerRecording(redis, instrument, { recording: RECORDING, kind: 'import', counts: {} });
    const file = join(import.meta.dirname, 'derive-process.ts');
    // By itself: from here it may come too late.
    const args = [file, redisUrl, questdbUrl, instrument, RECORDING, '22000'];
    child = spawn(process.execPath, args, { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    assert.is(code, null, 'it was killed before it was done');
    const checkpoint = await getCheckpoint(redis, { instrument, consumer: 'deriver', recording: RECORDING });
    assert.is.not(checkpoint, undefined);
    const { entries } = await deriveRecording(imported);
    assert.ok(entries > 0 && entries <= events.length - 20_000, `${entries} entries were derived again or anew`);
    const { differences, rows } = await verifyRecording(imported);
    assert.equal(differences, []);
    assert.ok(rows['trades']! > 1_000);
  } finally {
    child?.kill('SIGKILL');
    await redis.quit();
  }
});

test.run();
