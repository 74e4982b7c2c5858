import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfThere, writeWhole } from '../home.ts';

// Below the range from which the kernel takes ports for outgoing connections (32768 and up on Linux).
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const TRIES_MAX = 200;
/** How long a port of last time is waited for, and how often it is looked at, ms. */
const [HELD_MS_MAX, HELD_LOOK_MS] = [3_000, 100];

/** Whether nothing listens on that port of 127.0.0.1 (0.0.0.0 counts: a listener there has every address). */
export function portIsFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** The ports of a server of this home: those of last time where they are still free, so that links stay good. */
export async function choosePorts(
  home: string,
  server: string,
  names: readonly string[],
): Promise<{ ports: Record<string, number>; moved: string[] }> {
  const remembered = readPorts(home)[server] ?? {};
  const ports: Record<string, number> = {};
  const moved: string[] = [];
  for (const name of names) {
    const port = remembered[name];
    if (port !== undefined && (await isFreeSoon(port))) ports[name] = port;
    else {
      if (port !== undefined) moved.push(`${name} ${port}`);
      ports[name] = await freePort(new Set(Object.values(ports)));
    }
  }
  // Read again: a server that is set up at the same time may have written its own ports meanwhile.
  writeWhole(portsFile(home), `${JSON.stringify({ ...readPorts(home), [server]: ports }, null, 2)}\n`);
  return { ports, moved };
}

/** A server that was killed may hold its port for a moment more. */
async function isFreeSoon(port: number): Promise<boolean> {
  for (const untilMs = Date.now() + HELD_MS_MAX; ; await sleep(HELD_LOOK_MS)) {
    if (await portIsFree(port)) return true;
    if (Date.now() > untilMs) return false;
  }
}

async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (!taken.has(port) && (await portIsFree(port))) return port;
  }
  throw new Error(`no free port of 127.0.0.1 between ${FIRST_PORT} and ${LAST_PORT} was found in ${TRIES_MAX} tries`);
}

function portsFile(home: string): string {
  return join(home, 'ports.json');
}

function readPorts(home: string): Record<string, Record<string, number>> {
  try {
    return JSON.parse(readIfThere(portsFile(home)) ?? '{}');
  } catch {
    return {};
  }
}
