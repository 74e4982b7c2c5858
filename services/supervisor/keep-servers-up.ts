import { setTimeout as sleep } from 'node:timers/promises';
import { ensureServers, runningServers, type ServerUrls } from '../../infra/servers/servers.ts';

export interface KeepServersUp {
  readonly home: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

const LOOK_EVERY_MS = 500;
const PAUSE_AFTER_FAILURE_MS = 5_000;

/**
 * Watches the private servers that run now and starts one again that ends. The services connect again by themselves,
 * since it comes back on its port.
 * @returns when the signal is given.
 */
export async function keepServersUp(
  urls: ServerUrls,
  { home, log, signal, env = process.env }: KeepServersUp,
): Promise<void> {
  const names = runningServers(home).map(({ name }) => name);
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const running = new Set(runningServers(home).map(({ name }) => name));
    const ended = names.filter((name) => !running.has(name));
    if (ended.length === 0) continue;
    log(`${ended.join(', ')} ended; starting again`);
    try {
      const now = await ensureServers({ home, want: ended, log, env });
      const moved = Object.entries(now).filter(([name, url]) => urls[name as keyof ServerUrls] !== url);
      if (moved.length > 0) {
        log(
          'the server had to take another port, which the services do not know: stop Don (Ctrl-C) and start it again',
        );
      }
    } catch (error) {
      log(error instanceof Error ? error.message : String(error));
      await sleep(PAUSE_AFTER_FAILURE_MS, undefined, { signal }).catch(() => {});
    }
  }
}
