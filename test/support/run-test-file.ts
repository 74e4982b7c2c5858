import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../infra/home.ts';

export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** Lines by which a file said what it left out, and why. */
  readonly skips: readonly string[];
  readonly output: string;
}

const TIME_LIMIT_S = 240;
/** After its last line a file must end by itself: what keeps it alive is a socket or timer that the test left open. */
const LINGER_MS = 20_000;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
  /** Why it was killed, if it was. */
  readonly killed: string | undefined;
}

/** Runs the compiler or the linter: one pass or one failure. */
export async function runCheck(
  check: { name: string; args: readonly string[] },
  signal: AbortSignal,
): Promise<Outcome> {
  const { code, output, seconds } = await run(check.args, TIME_LIMIT_S, signal);
  const isClean = code === 0;
  return { name: check.name, passed: isClean ? 1 : 0, failed: isClean ? 0 : 1, seconds, skips: [], output };
}

/** Runs one test file in a process of its own and reads uvu's counts, because uvu's exit status hides failures (style.md 4). */
export async function runTestFile(file: string, signal: AbortSignal): Promise<Outcome> {
  const ended = await run([file], timeLimitS(file), signal);
  return judge(file, ended);
}

/** A slow file says so in a comment: `// time limit: 600 s`. */
function timeLimitS(file: string): number {
  const stated = /^\/\/ time limit: (\d+) s$/m.exec(readFileSync(join(REPOSITORY, file), 'utf8'))?.[1];
  return stated === undefined ? TIME_LIMIT_S : Number(stated);
}

/** What uvu's lines and the exit status together say. */
export function judge(name: string, { code, output, seconds, killed }: Ended): Outcome {
  const skips = output.split('\n').filter((line) => line.startsWith('SKIP:'));
  const counts = [...output.matchAll(/^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)$/gm)];
  const sum = (group: number) => counts.reduce((total, match) => total + Number(match[group]), 0);
  const [total, passed, skipped] = [sum(1), sum(2), sum(3)];
  const problems = [
    ...(killed === undefined ? [] : [killed]),
    ...(counts.length === 0 && skips.length === 0
      ? ['it printed no counts: a forgotten test.run(), or a crash before it']
      : []),
    ...(counts.length > 0 && total === 0 && skips.length === 0 ? ['it ran no test'] : []),
    ...(skipped > 0 && skips.length === 0
      ? [`${skipped} skipped without a line SKIP: reason (a leftover .only or .skip)`]
      : []),
    ...(total - passed > 0 ? [`${total - passed} of ${total} did not pass`] : []),
    ...(code !== 0 && killed === undefined ? [`exit status ${code}`] : []),
  ];
  const failed = problems.length === 0 ? 0 : Math.max(1, total - passed);
  return {
    name,
    passed,
    failed,
    seconds,
    skips,
    output: `${output.trimEnd()}\n${problems.map((text) => `→ ${text}\n`).join('')}`,
  };
}

function run(args: readonly string[], limitS: number, signal: AbortSignal): Promise<Ended> {
  const startedMs = Date.now();
  return new Promise((resolve) => {
    // A process group of its own, so that what the file started ends with it when it is killed.
    const child = spawn(process.execPath, args, {
      cwd: REPOSITORY,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_NO_WARNINGS: '1', TZ: 'UTC' },
    });
    let output = '';
    let killed: string | undefined;
    let lingering: NodeJS.Timeout | undefined;
    const kill = (reason: string) => {
      killed ??= reason;
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
    };
    const interrupt = () => kill('interrupted');
    const limit = setTimeout(() => kill(`not finished after ${limitS} s: killed`), limitS * 1000);
    signal.addEventListener('abort', interrupt);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (/^ {2}Duration: /m.test(text)) {
          clearTimeout(lingering);
          lingering = setTimeout(
            () => kill('it did not end by itself: something is still open (a socket, a timer, a child)'),
            LINGER_MS,
          );
        }
      });
    }
    // `exit` and not `close`: a daemon that the file started may keep the pipes open.
    child.on('exit', (code) => {
      clearTimeout(limit);
      clearTimeout(lingering);
      signal.removeEventListener('abort', interrupt);
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ code, output, seconds: (Date.now() - startedMs) / 1000, killed });
      }, 20);
    });
  });
}
