import { readConfig } from '../../infra/config.ts';
import { ensureTables } from '../../infra/questdb/tables.ts';
import { connectRedis } from '../../infra/redis.ts';
import { ServerUnreachable, SetupError } from '../../infra/setup-error.ts';
import { startTelemetry } from '../../infra/telemetry.ts';
import { LIVE } from '../../streams/keys.ts';
import { describeRecording, registerRecording } from '../../streams/recordings.ts';
import { writeStatus } from '../../streams/status.ts';
import { deriveLive, type LiveDerivation } from './derive-live.ts';
import { openRowStore, type RowStore } from './row-store.ts';

/** The deriver as a process: a ready line on stdout, JSON logs on stderr, an end on SIGTERM, SIGINT or the loss of its parent. */

const STATUS_EVERY_MS = 1_000;
const STARTED_MS = Date.now();
const EXIT = { done: 0, failed: 1, badUsage: 2, serverUnreachable: 3 } as const;

function log(level: 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const line = { time: new Date().toISOString(), level, service: 'deriver', message, ...fields };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

function fail(exitCode: number, error: unknown): never {
  log('error', error instanceof Error ? error.message : String(error));
  process.exit(exitCode);
}

function required(name: string, value: string | undefined): string {
  if (value === undefined) throw new SetupError(`${name}: expected the URL of a server, found none`);
  return value;
}

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

async function main(): Promise<void> {
  const config = await readConfig();
  const redisUrl = required('DON_REDIS_URL', config.redisUrl);
  const questdbUrl = required('DON_QUESTDB_URL', config.questdbUrl);
  const stopTelemetry = await startTelemetry('deriver');
  await ensureTables(questdbUrl);
  const [redis, tailRedis] = await Promise.all([connectRedis(redisUrl), connectRedis(redisUrl, { blocking: true })]);
  for (const instrument of config.instruments) {
    if ((await describeRecording(redis, instrument, LIVE)) === undefined)
      await registerRecording(redis, instrument, { recording: LIVE, kind: 'live' });
  }
  const rows = await openRowStore(questdbUrl);
  const live = await deriveLive({ redis, tailRedis, rows, instruments: config.instruments, log });
  const heartbeat = setInterval(() => {
    writeStatus(redis, 'deriver', statusOf(live, rows)).catch(() => {});
  }, STATUS_EVERY_MS);

  let isStopping = false;
  async function stop(reason: string): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    log('info', 'stopping', { reason });
    clearInterval(heartbeat);
    await live.stop();
    await rows.close();
    await stopTelemetry();
    process.exit(EXIT.done);
  }
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('disconnect', () => void stop('the parent has gone'));
  live.done.catch((error: unknown) => fail(EXIT.failed, error));
  const ready = { service: 'deriver', ready: true, pid: process.pid, instruments: config.instruments };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

main().catch((error: unknown) => {
  if (error instanceof ServerUnreachable) fail(EXIT.serverUnreachable, error);
  fail(error instanceof SetupError ? EXIT.badUsage : EXIT.failed, error);
});
