import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { readConfig } from '../../infra/config.ts';
import { connectRedis } from '../../infra/redis.ts';
import { ServerUnreachable, SetupError } from '../../infra/setup-error.ts';
import { startTelemetry } from '../../infra/telemetry.ts';
import { readConfiguration } from './configuration.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createLog } from './log-line.ts';
import { createLogStore } from './log-store.ts';
import { createPeers } from './peers.ts';
import { type Recorder, startRecorder } from './recorder.ts';
import { createStatus } from './status.ts';

/** The recorder as a process: a ready line on stdout, JSON logs on stderr, an end on SIGTERM, SIGINT or the loss of its parent. */

const DRAIN_TIMEOUT_MS = 5_000;
const EXIT = { done: 0, failed: 1, badUsage: 2, serverUnreachable: 3 } as const;

// Frames live for a millisecond: a young generation of V8's first size clears them as well as one that has grown to
// many times that, and takes a hundred MB less. This flag is honoured while running, the size's own is not.
setFlagsFromString('--semi-space-growth-factor=1');

const log = createLog('recorder');

function fail(exitCode: number, error: unknown): never {
  log('error', error instanceof Error ? error.message : String(error));
  process.exit(exitCode);
}

async function main(): Promise<void> {
  const config = await readConfig();
  const { instruments, settings } = readConfiguration(config, process.env);
  const url = config.redisUrl;
  if (url === undefined) throw new SetupError('DON_REDIS_URL: expected the URL of a Redis, found none');
  const stopTelemetry = await startTelemetry('recorder');
  const [logRedis, statusRedis] = await Promise.all([connectRedis(url), connectRedis(url)]);
  const identity = { id: randomUUID(), startedMs: Date.now() };
  const peers = createPeers(identity.id);
  let status: () => object = () => ({ service: 'recorder', ...identity, timeMs: Date.now(), live: {} });
  const heartbeat = startHeartbeat(statusRedis, peers, () => status());
  let recorder: Recorder | undefined;
  let isStopping = false;
  async function stop(reason: string): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    log('info', 'stopping', { reason });
    const left = (await recorder?.stop(DRAIN_TIMEOUT_MS)) ?? 0;
    await heartbeat.stop();
    await stopTelemetry();
    if (left > 0) fail(EXIT.failed, `${left} events could not be written before the end: Redis does not take them`);
    process.exit(EXIT.done);
  }
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('disconnect', () => void stop('the parent has gone'));

  recorder = await startRecorder({
    instruments,
    settings,
    store: createLogStore(logRedis),
    peers,
    peersKnown: heartbeat.peersKnown,
    log,
    // Nothing that waits can be written any more; a supervisor starts the recorder again.
    onFatal: (reason) => fail(EXIT.failed, reason),
  });
  status = createStatus(recorder, identity);

  const names = instruments.map(({ name }) => name);
  process.stdout.write(
    `${JSON.stringify({ service: 'recorder', ready: true, pid: process.pid, instruments: names })}\n`,
  );
}

main().catch((error: unknown) => {
  if (error instanceof ServerUnreachable) fail(EXIT.serverUnreachable, error);
  fail(error instanceof SetupError ? EXIT.badUsage : EXIT.failed, error);
});
