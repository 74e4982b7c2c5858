import { spawn } from 'node:child_process';
import { SetupError } from '../setup-error.ts';

export interface RunOptions {
  /** Beside that of this process; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Ends it, and what it has started. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program to its end without holding up the others that are set up at the same time.
 * @returns its exit status and what it wrote.
 * @throws SetupError when it was interrupted: what it did is repeated at the next start.
 */
export function runProgram(
  command: string,
  args: readonly string[],
  { env = {}, cwd = '/', signal }: RunOptions = {},
): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, that can be ended as a whole.
      detached: signal !== undefined,
    });
    const end = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    };
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('exit', () => signal?.removeEventListener('abort', end));
    child.on('close', (status, endedBy) => {
      if (status !== null && !signal?.aborted) resolve({ status, output });
      else
        reject(
          new SetupError(
            `${command} ${args[0]} was ended by ${endedBy ?? 'an interrupt'}. Start again; it goes on from there.`,
          ),
        );
    });
  });
}
