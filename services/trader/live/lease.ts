import { hash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { identify, isRunning, type ProcessIdentity } from '../../../infra/process-identity.ts';
import { takeBack } from '../../../infra/take-back.ts';
import { liveLeaseKey } from '../../../streams/keys.ts';
import type { LiveKeys } from './live-keys.ts';

/** That this process, and no other, trades with a key. */
export interface Lease {
  /** Whether it is held for certain. */
  readonly isHeld: boolean;
  release(): Promise<void>;
}

/** What the lease says of its holder. */
interface Holder {
  readonly token: string;
  readonly host: string;
  readonly process: ProcessIdentity | undefined;
}

/** A trader that is gone is not waited for longer than this; one of this machine not at all. */
const LEASE_MS = 10_000;

const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/**
 * Takes the lease of an exchange account; undefined: another one holds it. It is one for each key, so that two accounts of
 * Don cannot share one of the exchange. A holder that is late is fenced by the ledger: nothing is sent that it did not
 * take, and it takes an event only behind the last.
 */
export async function takeLease(redis: Redis, keys: LiveKeys, leaseMs = LEASE_MS): Promise<Lease | undefined> {
  const key = liveLeaseKey(hash('sha256', keys.apiKey).slice(0, 16));
  const token = JSON.stringify({
    token: randomUUID(),
    host: hostname(),
    process: identify(process.pid),
  } satisfies Holder);
  const found = await redis.get(key);
  if (found !== null && hasEnded(JSON.parse(found))) await takeBack(redis, key, found);
  let heldUntilMs = Date.now() + leaseMs;
  if ((await redis.set(key, token, 'PX', leaseMs, 'NX')) === null) return undefined;

  async function renew(): Promise<void> {
    const askedMs = Date.now();
    const isRenewed = await redis.eval(RENEW, 1, key, token, leaseMs);
    heldUntilMs = isRenewed === 1 ? askedMs + leaseMs : 0;
  }
  const renewing = setInterval(() => void renew().catch(() => {}), leaseMs / 4);

  return {
    get isHeld() {
      return Date.now() < heldUntilMs;
    },
    async release() {
      clearInterval(renewing);
      heldUntilMs = 0;
      await takeBack(redis, key, token).catch(() => {});
    },
  };
}

/** Killed, and known to be: it was on this machine. */
function hasEnded({ host, process: found }: Holder): boolean {
  return host === hostname() && found !== undefined && !isRunning(found);
}
