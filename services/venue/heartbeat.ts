import { connectRedis } from '../../infra/redis.ts';
import { statusKey } from '../../streams/keys.ts';
import type { Venue } from './venue.ts';

const BEAT_MS = 1_000;
/** docs/architecture.md: a heartbeat's time to live. */
const HEARTBEAT_TTL_S = 5;

/** What `don:status:venue` says. */
export interface VenueStatus {
  readonly service: 'venue';
  readonly pid: number;
  readonly startedMs: number;
  readonly timeMs: number;
  readonly port: number;
  readonly source: string;
  readonly symbols: readonly string[];
  readonly connections: number;
  /** Messages written since the start, and in the last second. */
  readonly framesSent: number;
  readonly framesPerSecond: number;
  readonly usedWeight: number;
  /** Faults that are being made on purpose. */
  readonly faults: number;
  readonly rssBytes: number;
}

export interface Heartbeat {
  /** Ends it and takes the last status back. */
  readonly stop: () => Promise<void>;
}

/**
 * Writes `don:status:venue` once a second until it is stopped.
 *
 * @throws ServerUnreachable when there is no Redis at the start; later losses pass unsaid, the key expires.
 */
export async function startHeartbeat(redisUrl: string, venue: Venue): Promise<Heartbeat> {
  const redis = await connectRedis(redisUrl);
  const startedMs = Date.now();
  let framesBefore = 0;
  const beat = (): void => {
    const state = venue.state();
    const framesSent = Object.values(state.streams).reduce((sum, { sent }) => sum + sent, 0);
    const status: VenueStatus = {
      service: 'venue',
      pid: process.pid,
      startedMs,
      timeMs: Date.now(),
      port: venue.port,
      source: venue.source.kind,
      symbols: state.symbols,
      connections: state.connections.length,
      framesSent,
      framesPerSecond: framesSent - framesBefore,
      usedWeight: state.rest.usedWeight,
      faults: state.faults.length,
      rssBytes: process.memoryUsage.rss(),
    };
    framesBefore = framesSent;
    redis.set(statusKey('venue'), JSON.stringify(status), 'EX', HEARTBEAT_TTL_S).catch(() => undefined);
  };
  beat();
  const timer = setInterval(beat, BEAT_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await redis.del(statusKey('venue')).catch(() => undefined);
      redis.disconnect();
    },
  };
}
