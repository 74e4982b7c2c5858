import { setFlagsFromString } from 'node:v8';
import { type Log, runAsService, type Service } from '../../infra/service.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { captureSource } from './capture/capture-source.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import { readSettings } from './settings.ts';
import { startVenue, type Venue } from './venue.ts';

/** The venue as a process. */

// Orders live for seconds and die old. Collected at 20 % of growth instead of V8's usual doubling, they cost the same time
// and tens of MB less; both flags are honoured while running.
setFlagsFromString('--heap-growing-percent=20');
setFlagsFromString('--semi-space-growth-factor=1');

async function start(log: Log): Promise<Venue> {
  const settings = readSettings(process.argv.slice(2), process.env);
  const { port, seed, pace, rate, symbols, capture, accounts } = settings;
  const onError = (error: Error): void => log('error', error.message, { stack: error.stack });
  if (capture.length > 0) {
    return startVenue({
      port,
      seed,
      accounts,
      onError,
      source: await captureSource({ files: capture, pace, onError }),
    });
  }
  return startVenue({
    port,
    seed,
    symbols,
    accounts,
    onError,
    // Settings take `max` with a capture only.
    pace: Number(pace),
    ...(rate === undefined ? {} : { rate }),
  });
}

/** The venue does its work without Redis too; only its status is not seen then. */
async function beginHeartbeat(venue: Venue, log: Log): Promise<Heartbeat | undefined> {
  const redisUrl = process.env['DON_REDIS_URL'];
  if (redisUrl === undefined || redisUrl === '') return undefined;
  try {
    return await startHeartbeat(redisUrl, venue);
  } catch (error) {
    log('warn', `no status is written: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function main({ log, onStop, ready }: Service): Promise<void> {
  const venue = await start(log).catch((error: unknown) => {
    // An option that is not in its range came from a setting.
    throw error instanceof RangeError ? new BadInput(error.message) : error;
  });
  let heartbeat: Heartbeat | undefined;
  onStop(async () => {
    await heartbeat?.stop();
    await venue.close();
  });
  const { port, restUrl, wsUrl, controlUrl } = venue;
  const symbols = venue.source.instruments.map(({ symbol }) => symbol);
  ready({ port, restUrl, wsUrl, controlUrl, source: venue.source.kind, symbols });
  heartbeat = await beginHeartbeat(venue, log);
}

runAsService('venue', main);
