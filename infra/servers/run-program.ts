import { spawn } from 'node:child_process';
import { SetupError } from '../setup-error.ts';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Runs a program to its end without holding up the others that are set up at the same time.
 * @returns its exit status and what it wrote.
 * @throws SetupError when it was interrupted: what it did is repeated at the next start.
 */
export function runProgram(
  command: string,
  args: readonly string[],
  { env = {}, cwd = '/' }: RunOptions = {},
): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status !== null) resolve({ status, output });
      else reject(new SetupError(`${command} ${args[0]} was ended by ${signal}. Start again; it goes on from there.`));
    });
  });
}
