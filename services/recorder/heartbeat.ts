import type { Redis } from 'ioredis';
import { takeBack } from '../../infra/take-back.ts';
import { statusKey } from '../../streams/keys.ts';
import type { Peers } from './peers.ts';

const BEAT_MS = 1_000;
/** docs/architecture.md: a heartbeat's time to live. */
const HEARTBEAT_TTL_S = 5;
/** A heartbeat that was found on starting is the last of a dead recorder when no other has followed for so long. */
const PEERS_WAIT_MS = 2_500;

/** The recorder's `don:status:recorder`, written once a second. */
export interface Heartbeat {
  /** Resolves when it is known whether another recorder is at work: at once where no heartbeat was there. */
  readonly peersKnown: Promise<void>;
  /** Ends it and takes its last one back, so that the next start need not wait to see whether it is alive. */
  stop(): Promise<void>;
}

/** Two recorders share the key: each reads the other's heartbeat with the write of its own. */
export function startHeartbeat(redis: Redis, peers: Peers, status: () => object): Heartbeat {
  const key = statusKey('recorder');
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let last: string | undefined;

  async function beat(): Promise<void> {
    last = JSON.stringify(status());
    try {
      peers.saw(await redis.set(key, last, 'EX', HEARTBEAT_TTL_S, 'GET'));
    } catch {
      // While Redis is away the writer says so; whoever reads the status sees it expire.
    }
    if (!isStopped) timer = setTimeout(() => void beat(), BEAT_MS);
  }

  async function knowPeers(): Promise<void> {
    await beat();
    const untilMs = performance.now() + PEERS_WAIT_MS;
    while (peers.isUndecided() && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  return {
    peersKnown: knowPeers(),
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      // Another recorder's stays, since whoever starts now must find it; without Redis ours expires.
      if (last !== undefined) await takeBack(redis, key, last).catch(() => {});
    },
  };
}
