import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { REPOSITORY } from '../infra/home.ts';
import { CHECKS } from './check.ts';
import { type Outcome, runCheck, runTestFile } from './support/run-test-file.ts';
import { registerUser, stopTestServers, TEST_HOME, testServers } from './support/servers.ts';

/**
 * `node test/run.ts [PATTERN] [--keep]`: the compiler, the linter and the house rules, then every test file whose path
 * matches, each in a process of its own. The last line is `N passed, N failed`. `--keep` leaves the servers up.
 */
const USAGE = 'usage: npm test -- [PATTERN] [--keep]   PATTERN: a regular expression for paths such as streams/append';
const RULES = 'test/tidy.test.ts';

function readArguments(): { pattern: RegExp | undefined; keep: boolean } {
  try {
    const { values, positionals } = parseArgs({
      options: { keep: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    return { pattern: positionals[0] === undefined ? undefined : new RegExp(positionals[0]), keep: values.keep };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
    process.exit(2);
  }
}

const startedMs = Date.now();
const outcomes: Outcome[] = [];
const running = new AbortController();

function report(outcome: Outcome): void {
  outcomes.push(outcome);
  const { name, passed, failed, seconds, skips, output } = outcome;
  const counts = failed > 0 ? `${passed} passed, ${failed} FAILED` : `${passed} passed`;
  process.stdout.write(`${failed > 0 ? '✗' : '✓'} ${name.padEnd(58)} ${counts} · ${seconds.toFixed(1)} s\n`);
  if (failed > 0) process.stdout.write(`${output.trimEnd().replace(/^/gm, '    ')}\n`);
  for (const skip of skips) process.stdout.write(`    ${skip}\n`);
}

/** Runs the works with at most so many at once. */
async function inParallel(works: ReadonlyArray<() => Promise<Outcome>>, limit: number): Promise<void> {
  const queue = works.values();
  const worker = async () => {
    for (const work of queue) {
      if (running.signal.aborted) return;
      report(await work());
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

async function main(): Promise<number> {
  const { pattern, keep } = readArguments();
  const files = globSync('test/**/*.test.ts', { cwd: REPOSITORY })
    .sort()
    .filter((file) => pattern?.test(file) ?? file !== RULES);
  if (files.length === 0) {
    process.stderr.write(`no test file matches ${pattern}\n${USAGE}\n`);
    return 2;
  }
  const checks = CHECKS.map((check) => () => runCheck(check, running.signal));
  if (pattern === undefined) await inParallel([...checks, () => runTestFile(RULES, running.signal)], 2);
  const usesServers = files.some((file) => /testServers\(/.test(readFileSync(join(REPOSITORY, file), 'utf8')));
  registerUser();
  try {
    if (usesServers) {
      process.stdout.write(`servers for the tests, in ${TEST_HOME}\n`);
      await testServers();
    }
    await inParallel(
      files.map((file) => () => runTestFile(file, running.signal)),
      Math.max(2, availableParallelism()),
    );
  } finally {
    if (!keep) await stopTestServers();
  }
  return outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
}

function summary(): string {
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const skips = sum((outcome) => outcome.skips.length);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
  const details = `${outcomes.length} files and checks in ${seconds} s${skips > 0 ? `; ${skips} skipped, see SKIP: above` : ''}`;
  return `\n${details}\n${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed\n`;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => running.abort());
try {
  const status = await main();
  if (status !== 2) process.stdout.write(summary());
  process.exit(running.signal.aborted ? 130 : status);
} catch (error) {
  process.stderr.write(
    `${error instanceof Error && error.name === 'SetupError' ? error.message : (error as Error).stack}\n`,
  );
  outcomes.push({ name: 'set-up', passed: 0, failed: 1, seconds: 0, skips: [], output: '' });
  process.stdout.write(summary());
  process.exit(1);
}
