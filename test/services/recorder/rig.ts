import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { connectRedis } from '../../../infra/redis.ts';
import type { Log } from '../../../infra/service.ts';
import { startHeartbeat } from '../../../services/recorder/heartbeat.ts';
import { createLogStore } from '../../../services/recorder/log-store.ts';
import { createPeers } from '../../../services/recorder/peers.ts';
import { type Recorder, startRecorder } from '../../../services/recorder/recorder.ts';
import { DEFAULT_SETTINGS, type RecorderSettings } from '../../../services/recorder/settings.ts';
import { createStatus } from '../../../services/recorder/status.ts';
import { startVenue, type Venue, type VenueOptions } from '../../../services/venue/venue.ts';
import { parseInstrument } from '../../../streams/instrument.ts';
import { testServers } from '../../support/servers.ts';
import { type Audit, auditLog } from './audit.ts';
import { type LoggedText, readLog } from './log-events.ts';

export const SYMBOL = 'BTCUSDT';
export const INSTRUMENT = `simulated:${SYMBOL}`;

/** A recorder in this process, with what it logged. */
export interface RunningRecorder extends Recorder {
  readonly lines: readonly string[];
  readonly fatal: readonly string[];
  /** Stops it as a signal would. */
  end(): Promise<number>;
}

/** A venue, a Redis database and a recorder between them. */
export interface Rig {
  readonly venue: Venue;
  readonly redis: Redis;
  readonly recorder: RunningRecorder;
  /** Another recorder of the same instruments. */
  startRecorder(settings?: Partial<RecorderSettings>): Promise<RunningRecorder>;
  log(): Promise<LoggedText[]>;
  /** Stops every recorder, then compares the log with what the venue sent. */
  audit(): Promise<{ audit: Audit; events: LoggedText[] }>;
}

export interface RigOptions {
  readonly venue?: VenueOptions;
  readonly settings?: Partial<RecorderSettings>;
  /** Before the recorder starts. */
  readonly before?: (venue: Venue) => void;
  /** A Redis of its own; else an empty database of the shared one. */
  readonly redisUrl?: string;
  /** How long a heartbeat of another recorder counts, where the test does not ask whether one that died is noticed. */
  readonly peersFreshMs?: number;
}

const SENT_FRAMES_MAX = 500_000;
const DRAIN_TIMEOUT_MS = 30_000;
/** On a machine that is slow a test may last longer than the time of a refresh, and an answer than a venue is given. */
const PATIENT_SETTINGS = { ...DEFAULT_SETTINGS, snapshotEveryMs: 600_000, restTimeoutMs: 60_000 };

export async function withRig(options: RigOptions, run: (rig: Rig) => Promise<void>): Promise<void> {
  const url = options.redisUrl ?? (await sharedRedisUrl());
  const redis = await connectRedis(url);
  await redis.flushdb();
  const venue = await startVenue({ symbols: [SYMBOL], ...options.venue });
  venue.record(SENT_FRAMES_MAX);
  options.before?.(venue);
  const recorders: RunningRecorder[] = [];
  const start = async (settings: Partial<RecorderSettings> = {}) => {
    const recorder = await runRecorder(url, venue, options, settings);
    recorders.push(recorder);
    return recorder;
  };
  try {
    const recorder = await start();
    const log = () => readLog(redis, INSTRUMENT);
    await run({
      venue,
      redis,
      recorder,
      startRecorder: start,
      log,
      async audit() {
        for (const each of recorders) await each.end();
        const { frames } = venue.recorded();
        const events = await log();
        return { audit: auditLog(frames, events, SYMBOL), events };
      },
    });
  } catch (error) {
    // What the recorders said is the first thing that whoever reads the failure wants to know.
    const lines = recorders.flatMap((each) => each.lines.slice(-20));
    if (error instanceof Error) error.message += `\n${lines.join('\n')}`;
    throw error;
  } finally {
    for (const each of recorders) await each.end();
    await venue.close();
    redis.disconnect();
  }
}

let shared: string | undefined;
async function sharedRedisUrl(): Promise<string> {
  shared ??= (await testServers('redis')).redisUrl;
  return shared;
}

async function runRecorder(
  url: string,
  venue: Venue,
  { settings: common, peersFreshMs }: RigOptions,
  settings: Partial<RecorderSettings>,
): Promise<RunningRecorder> {
  const [logRedis, statusRedis] = await Promise.all([connectRedis(url), connectRedis(url)]);
  const lines: string[] = [];
  const fatal: string[] = [];
  const log: Log = (level, message, detail) => lines.push(`${level} ${message} ${JSON.stringify(detail ?? {})}`);
  const id = randomUUID();
  const peers = createPeers(id, peersFreshMs === undefined ? {} : { freshMs: peersFreshMs });
  let status: () => object = () => ({ id, timeMs: Date.now(), live: {} });
  const heartbeat = startHeartbeat(statusRedis, peers, () => status());
  const recorder = await startRecorder({
    instruments: [parseInstrument(INSTRUMENT)],
    settings: {
      ...PATIENT_SETTINGS,
      venue: { wsUrl: venue.wsUrl, testnet: false },
      restUrl: venue.restUrl,
      ...common,
      ...settings,
    },
    store: createLogStore(logRedis),
    peers,
    peersKnown: heartbeat.peersKnown,
    log,
    onFatal: (reason) => fatal.push(reason),
  });
  status = createStatus(recorder, { id, startedMs: Date.now() });
  let ended: Promise<number> | undefined;
  return {
    ...recorder,
    lines,
    fatal,
    end() {
      ended ??= (async () => {
        const left = await recorder.stop(DRAIN_TIMEOUT_MS);
        await heartbeat.stop();
        logRedis.disconnect();
        statusRedis.disconnect();
        return left;
      })();
      return ended;
    },
  };
}
