// time limit: 480 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { ensureServers, runningServers, stopServers } from '../../../infra/servers/servers.ts';
import { createAppender } from '../../../streams/append.ts';
import { getCheckpoint } from '../../../streams/checkpoint.ts';
import { LIVE } from '../../../streams/keys.ts';
import { readStatus } from '../../../streams/status.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testHome, testInstrument, testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { startDeriver, untilDerived } from './deriver-process.ts';
import { assertPublished, assertStored, expectedOf } from './stored-and-expected.ts';

const test = suite('services/deriver/questdb-outage');

interface RowsStatus {
  readonly pending: number;
  readonly committed: number;
  readonly stall: string | null;
}

test('while QuestDB is away the deriver goes on, and stores all rows when it is back', async () => {
  const { redisUrl } = await testServers('redis');
  const home = testHome();
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const start = async (): Promise<string> => (await ensureServers({ home, want: ['questdb'], env: {} })).questdbUrl!;
  const questdbUrl = await start();
  const deriver = startDeriver({ redisUrl, questdbUrl }, [instrument]);
  const untilRows = (what: string, isSo: (rows: RowsStatus) => boolean): Promise<RowsStatus> =>
    until(what, async () => {
      const rows = (await readStatus(redis, 'deriver'))?.['rows'] as RowsStatus | undefined;
      return rows !== undefined && isSo(rows) && rows;
    });
  try {
    await deriver.ready;
    const entries = entriesOf(madeMarket({ seed: 19, events: 3_000 }), [8]);
    const appender = createAppender({ redis, instrument });
    const append = async (from: number, to: number): Promise<void> => {
      const part = entries.slice(Math.floor(from * entries.length), Math.floor(to * entries.length));
      for (const { events } of part) await appender.append(events);
      await untilDerived(redis, instrument, deriver);
    };
    await append(0, 0.3);
    for (const { pid, name } of runningServers(home)) if (name === 'questdb') process.kill(pid, 'SIGKILL');
    await append(0.3, 0.8);
    const lag = await untilRows('rows that wait', ({ stall }) => stall !== null);
    assert.ok(lag.pending > 0, `rows wait: ${JSON.stringify(lag)}`);
    const before = await getCheckpoint(redis, { instrument, consumer: 'deriver' });
    assert.is(await start(), questdbUrl, 'it comes back at the same place');
    await append(0.8, 1);
    const { committed } = await untilRows('no row that waits', ({ pending, stall }) => pending === 0 && stall === null);
    assert.is(await deriver.end('SIGTERM'), 0, deriver.output().stderr);
    assert.match(deriver.output().stderr, /"message":"rows are not stored: .*"message":"rows are stored again"/s);
    const after = await getCheckpoint(redis, { instrument, consumer: 'deriver' });
    assert.is.not(after?.entryId, before?.entryId);
    const expected = await expectedOf(redis, instrument, LIVE);
    const counts = await assertStored(questdbUrl, instrument, LIVE, expected);
    assert.ok(committed >= Object.values(counts).reduce((sum, count) => sum + count, 0));
    await assertPublished(redis, instrument, expected);
  } finally {
    deriver.child.kill('SIGKILL');
    await redis.quit();
    await stopServers(home);
  }
});

test.run();
