import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

/** How a process ended. */
export interface Ended {
  /** Its exit status; null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Resolves once it has ended and all that it wrote was read: at its exit some of that may still be on its way. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const [[code, signal]] = await Promise.all([once(child, 'exit'), ...streams.map((stream) => finished(stream))]);
  return { code, signal };
}
