import { readConfig } from '../../infra/config.ts';
import { connectRedis } from '../../infra/redis.ts';
import { required, runAsService, type Service } from '../../infra/service.ts';
import { startTelemetry } from '../../infra/telemetry.ts';
import { LIVE } from '../../streams/keys.ts';
import { describeRecording, registerRecording } from '../../streams/recordings.ts';
import { writeStatus } from '../../streams/status.ts';
import { chosenSets } from '../features/chosen-sets.ts';
import { derivedTables, ensureReadableTables } from '../features/feature-table.ts';
import { deriveLive, type LiveDerivation } from './derive-live.ts';
import { openRowStore, type RowStore } from './row-store.ts';

/** The deriver as a process. */

const STATUS_EVERY_MS = 1_000;
const STARTED_MS = Date.now();

function statusOf(live: LiveDerivation, rows: RowStore): Record<string, unknown> {
  const instruments = live.derivers.map(({ instrument, counts, lastEntryId }) => {
    return { instrument, lastEntryId, lagMs: live.lagsMs.get(instrument) ?? null, ...counts };
  });
  const memoryBytes = process.memoryUsage.rss();
  const { pending, committed } = rows;
  const stall = live.stall ?? null;
  return {
    service: 'deriver',
    pid: process.pid,
    startedMs: STARTED_MS,
    timeMs: Date.now(),
    memoryBytes,
    instruments,
    rows: { pending, committed, stall },
  };
}

async function main(service: Service): Promise<void> {
  const config = await readConfig();
  const featureSets = chosenSets(config);
  const redisUrl = required('DON_REDIS_URL', config.redisUrl);
  const questdbUrl = required('DON_QUESTDB_URL', config.questdbUrl);
  const stopTelemetry = await startTelemetry('deriver');
  await ensureReadableTables(questdbUrl);
  const [redis, tailRedis] = await Promise.all([connectRedis(redisUrl), connectRedis(redisUrl, { blocking: true })]);
  for (const instrument of config.instruments) {
    if ((await describeRecording(redis, instrument, LIVE)) === undefined)
      await registerRecording(redis, instrument, { recording: LIVE, kind: 'live' });
  }
  const rows = await openRowStore(questdbUrl, derivedTables(featureSets));
  const live = await deriveLive({
    redis,
    tailRedis,
    rows,
    instruments: config.instruments,
    featureSets,
    log: service.log,
  });
  const heartbeat = setInterval(() => {
    writeStatus(redis, 'deriver', statusOf(live, rows)).catch(() => {});
  }, STATUS_EVERY_MS);

  service.onStop(async () => {
    clearInterval(heartbeat);
    await live.stop();
    await rows.close();
    await stopTelemetry();
  });
  live.done.catch(service.fail);
  service.ready({ instruments: config.instruments });
}

runAsService('deriver', main);
