import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { REPOSITORY } from '../../infra/home.ts';
import { ended as endOf } from '../support/ended.ts';

export interface ServiceServers {
  readonly redisUrl: string;
  readonly questdbUrl: string;
}

/** A service in a process of its own. */
export interface ServiceProcess {
  readonly child: ChildProcess;
  /** What it wrote to stdout and stderr so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  /** Its ready line; rejects with what it logged where it ends before. */
  readonly ready: Promise<Record<string, unknown>>;
  /** Its exit status, once it has ended and all that it wrote was read; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Sends the signal and waits for the end. @returns the exit status; null where a signal ended it */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export function startService(
  name: string,
  { redisUrl, questdbUrl }: ServiceServers,
  instruments: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ServiceProcess {
  const child = spawn(process.execPath, [join(REPOSITORY, 'services', name, 'main.ts')], {
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
  for (const stream of ['stdout', 'stderr'] as const)
    (child[stream] as Readable).setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  const ended = endOf(child).then(({ code }) => code);
  const ready = (async () => {
    while (!texts.stdout.includes('\n')) {
      if (child.exitCode !== null || child.signalCode !== null) {
        await ended;
        throw new Error(`the service ${name} ended with ${child.exitCode ?? child.signalCode}: ${texts.stderr}`);
      }
      await sleep(20);
    }
    return JSON.parse(texts.stdout.split('\n')[0]!) as Record<string, unknown>;
  })();
  ready.catch(() => {});
  return {
    child,
    output: () => ({ ...texts }),
    ended,
    ready,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
