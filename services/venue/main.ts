import { setFlagsFromString } from 'node:v8';
import { captureSource } from './capture/capture-source.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import { readSettings } from './settings.ts';
import { startVenue, type Venue } from './venue.ts';

/** The venue as a process: a ready line on stdout, JSON logs on stderr, an end on SIGTERM, SIGINT or the loss of its parent. */

// Orders live for seconds and die old. Collected at 20 % of growth instead of V8's usual doubling, they cost the same time
// and tens of MB less; both flags are honoured while running.
setFlagsFromString('--heap-growing-percent=20');
setFlagsFromString('--semi-space-growth-factor=1');

function log(level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown> = {}): void {
  process.stderr.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, service: 'venue', message, ...fields })}\n`,
  );
}

async function start(): Promise<Venue> {
  const settings = readSettings(process.argv.slice(2), process.env);
  const { port, seed, pace, rate, symbols, capture } = settings;
  const onError = (error: Error): void => log('error', error.message, { stack: error.stack });
  if (capture.length > 0) {
    return startVenue({ port, seed, onError, source: await captureSource({ files: capture, pace, onError }) });
  }
  return startVenue({
    port,
    seed,
    symbols,
    onError,
    // Settings take `max` with a capture only.
    pace: Number(pace),
    ...(rate === undefined ? {} : { rate }),
  });
}

/** The venue does its work without Redis too; only its status is not seen then. */
async function beginHeartbeat(venue: Venue): Promise<Heartbeat | undefined> {
  const redisUrl = process.env['DON_REDIS_URL'];
  if (redisUrl === undefined || redisUrl === '') return undefined;
  try {
    return await startHeartbeat(redisUrl, venue);
  } catch (error) {
    log('warn', `no status is written: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

try {
  const venue = await start();
  let heartbeat: Heartbeat | undefined;
  let isStopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log('info', 'stopping', { reason });
    await heartbeat?.stop();
    await venue.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('disconnect', () => void stop('the parent has gone'));
  const { port, restUrl, wsUrl, controlUrl } = venue;
  const symbols = venue.source.instruments.map(({ symbol }) => symbol);
  process.stdout.write(
    `${JSON.stringify({ service: 'venue', ready: true, port, restUrl, wsUrl, controlUrl, source: venue.source.kind, symbols })}\n`,
  );
  heartbeat = await beginHeartbeat(venue);
} catch (error) {
  log('error', error instanceof Error ? error.message : String(error));
  process.exit(error instanceof RangeError ? 2 : 1);
}
