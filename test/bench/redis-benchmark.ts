import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toolsFolder } from '../../infra/home.ts';
import { unpackedEnv } from '../../infra/servers/debian-packages.ts';
import { findOnPath } from '../../infra/servers/find-program.ts';
import { TEST_HOME } from '../support/servers.ts';

const REQUESTS = 100_000;

/** Where Redis's own benchmark is, and what it needs to run; undefined where there is none. */
function findBenchmark(): { readonly path: string; readonly env: Readonly<Record<string, string>> } | undefined {
  const unpacked = join(toolsFolder(TEST_HOME), 'debian', 'redis-server');
  const beside = join(unpacked, 'usr', 'bin', 'redis-benchmark');
  const given = process.env['DON_REDIS_BENCHMARK'] ?? findOnPath('redis-benchmark');
  if (given !== undefined) return { path: given, env: {} };
  return existsSync(beside) ? { path: beside, env: unpackedEnv(unpacked) } : undefined;
}

/**
 * Requests a second that `redis-benchmark -P 100 XADD` of a payload gets from the server; undefined where there is no
 * such program.
 * @param bytes of the payload
 */
export function benchmarkXadd(redisUrl: string, bytes: number): number | undefined {
  const program = findBenchmark();
  if (program === undefined) return undefined;
  const { hostname, port, password, pathname, searchParams } = new URL(redisUrl);
  // The same way to the server as ours.
  const socket = searchParams.get('path');
  const address = socket === null ? ['-h', hostname, '-p', port] : ['-s', socket];
  const server = [...address, '--dbnum', pathname.slice(1) || '0'];
  const authentication = password === '' ? [] : ['-a', decodeURIComponent(password)];
  const command = ['XADD', 'don:bench:xadd', '*', 'field', 'x'.repeat(bytes)];
  const { stdout, stderr, status } = spawnSync(
    program.path,
    [...server, ...authentication, '-n', String(REQUESTS), '-P', '100', '-q', ...command],
    { env: { ...process.env, ...program.env }, encoding: 'utf8' },
  );
  const rates = [...stdout.matchAll(/([\d.]+) requests per second/g)];
  const rate = Number(rates.at(-1)?.[1]);
  if (status !== 0 || !(rate > 0)) throw new Error(`${program.path}: expected a rate, found ${stdout}${stderr}`);
  return rate;
}
