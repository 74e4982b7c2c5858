import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { readConfig } from '../../infra/config.ts';
import { connectRedis } from '../../infra/redis.ts';
import { required, runAsService, type Service } from '../../infra/service.ts';
import { startTelemetry } from '../../infra/telemetry.ts';
import { readConfiguration } from './configuration.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createLogStore } from './log-store.ts';
import { createPeers } from './peers.ts';
import { type Recorder, startRecorder } from './recorder.ts';
import { createStatus } from './status.ts';

/** The recorder as a process. */

const DRAIN_TIMEOUT_MS = 5_000;

// Frames live for a millisecond: a young generation of V8's first size clears them as well as one that has grown to
// many times that, and takes a hundred MB less. This flag is honoured while running, the size's own is not.
setFlagsFromString('--semi-space-growth-factor=1');

async function main(service: Service): Promise<void> {
  const config = await readConfig();
  const { instruments, settings } = readConfiguration(config, process.env);
  const redisUrl = required('DON_REDIS_URL', config.redisUrl);
  const stopTelemetry = await startTelemetry('recorder');
  const [logRedis, statusRedis] = await Promise.all([connectRedis(redisUrl), connectRedis(redisUrl)]);
  const identity = { id: randomUUID(), startedMs: Date.now() };
  const peers = createPeers(identity.id);
  let status: () => object = () => ({ service: 'recorder', ...identity, timeMs: Date.now(), live: {} });
  const heartbeat = startHeartbeat(statusRedis, peers, () => status());
  let recorder: Recorder | undefined;
  service.onStop(async () => {
    const left = (await recorder?.stop(DRAIN_TIMEOUT_MS)) ?? 0;
    await heartbeat.stop();
    await stopTelemetry();
    if (left > 0) throw new Error(`${left} events could not be written before the end: Redis does not take them`);
  });

  recorder = await startRecorder({
    instruments,
    settings,
    store: createLogStore(logRedis),
    peers,
    peersKnown: heartbeat.peersKnown,
    log: service.log,
    // Nothing that waits can be written any more; a supervisor starts the recorder again.
    onFatal: service.fail,
  });
  status = createStatus(recorder, identity);

  service.ready({ instruments: instruments.map(({ name }) => name) });
}

runAsService('recorder', main);
