import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { REPOSITORY } from '../../../infra/home.ts';
import { LIVE, rawKey, statusKey } from '../../../streams/keys.ts';
import { streamBounds } from '../../../streams/stream-bounds.ts';

export interface DeriverServers {
  readonly redisUrl: string;
  readonly questdbUrl: string;
}

/** A deriver in a process of its own. */
export interface DeriverProcess {
  readonly child: ChildProcess;
  /** What it wrote to stdout and stderr so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  /** Its ready line; rejects with what it logged where it ends before. */
  readonly ready: Promise<Record<string, unknown>>;
  /** Sends the signal and waits for the end. @returns the exit status; null where a signal ended it */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export function startDeriver(
  { redisUrl, questdbUrl }: DeriverServers,
  instruments: readonly string[],
  env: Readonly<Record<string, string>> = {},
): DeriverProcess {
  const child = spawn(process.execPath, [join(REPOSITORY, 'services', 'deriver', 'main.ts')], {
    env: {
      ...process.env,
      DON_REDIS_URL: redisUrl,
      DON_QUESTDB_URL: questdbUrl,
      DON_VENUE: 'simulated',
      DON_INSTRUMENTS: instruments.join(','),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    (child[name] as Readable).setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const ready = (async () => {
    while (!texts.stdout.includes('\n')) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the deriver ended with ${child.exitCode ?? child.signalCode}: ${texts.stderr}`);
      await sleep(20);
    }
    return JSON.parse(texts.stdout.split('\n')[0]!) as Record<string, unknown>;
  })();
  ready.catch(() => {});
  return {
    child,
    output: () => ({ ...texts }),
    ready,
    end(signal) {
      child.kill(signal);
      return exit;
    },
  };
}

/** Waits until the deriver has seen the last entry of the instrument's log, by its heartbeat. */
export async function untilDerived(
  redis: Redis,
  instrument: string,
  { child }: DeriverProcess,
  waitMs = 60_000,
): Promise<void> {
  const { lastId } = await streamBounds(redis, rawKey(instrument, LIVE));
  let found: unknown;
  for (const untilMs = Date.now() + waitMs; Date.now() < untilMs; await sleep(50)) {
    const beat = JSON.parse((await redis.get(statusKey('deriver'))) ?? '{}');
    if (beat.pid !== child.pid) continue;
    found = beat.instruments.find((item: { instrument: string }) => item.instrument === instrument)?.lastEntryId;
    if (found === lastId) return;
  }
  throw new Error(`expected the deriver at ${lastId} within ${waitMs} ms, found it at ${found}`);
}
