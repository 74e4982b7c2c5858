import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ended } from '../../support/ended.ts';
import { until } from '../../support/until.ts';

const MAIN = join(import.meta.dirname, '../../../services/venue/main.ts');

interface Process {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly exit: Promise<number | null>;
}

function start(args: readonly string[]): Process {
  const env = { ...process.env, DON_REDIS_URL: '' };
  const child = fork(MAIN, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });
  let out = '';
  let err = '';
  child.stdout?.on('data', (data) => (out += String(data)));
  child.stderr?.on('data', (data) => (err += String(data)));
  const exit = ended(child).then(({ code }) => code);
  return { child, out: () => out, err: () => err, exit };
}

async function ready({ out }: Process): Promise<Record<string, unknown> & { port: number; restUrl: string }> {
  return JSON.parse(await until('a line', () => (out().includes('\n') ? out().trim() : undefined)));
}

test('prints one ready line with its addresses, and ends well on SIGTERM, SIGINT and the loss of its parent', async () => {
  const ends: ((child: ChildProcess) => void)[] = [
    (child) => void child.kill('SIGTERM'),
    (child) => void child.kill('SIGINT'),
    (child) => child.disconnect(),
  ];
  for (const end of ends) {
    const venue = start(['--symbols', 'BTCUSDT']);
    const { port, restUrl, ...rest } = await ready(venue);
    const url = `http://127.0.0.1:${port}`;
    const wsUrl = `ws://127.0.0.1:${port}`;
    assert.is(restUrl, url);
    assert.equal(rest, {
      service: 'venue',
      ready: true,
      pid: venue.child.pid,
      wsUrl,
      controlUrl: `${url}/control`,
      source: 'model',
      symbols: ['BTCUSDT'],
    });
    assert.is((await fetch(`${restUrl}/fapi/v1/ping`)).status, 200);
    end(venue.child);
    assert.is(await venue.exit, 0);
    assert.is(venue.out().trim().split('\n').length, 1);
    for (const line of venue.err().trim().split('\n')) assert.is(JSON.parse(line).service, 'venue');
  }
});

test('says what is wrong with a setting and ends with 2, and that a port is taken and ends with 1', async () => {
  const wrong = start(['--symbols', 'DOGE']);
  assert.is(await wrong.exit, 2);
  assert.match(JSON.parse(wrong.err()).message, /symbols: the order-flow model has .* found DOGE/);
  const first = start(['--symbols', 'BTCUSDT']);
  const { port } = await ready(first);
  const second = start(['--port', String(port), '--symbols', 'BTCUSDT']);
  assert.is(await second.exit, 1);
  assert.match(
    JSON.parse(second.err()).message,
    new RegExp(`port: ${port} is taken on 127.0.0.1; choose another with DON_VENUE_PORT`),
  );
  const missing = start(['--capture', 'nowhere.gz']);
  assert.is(await missing.exit, 1);
  assert.match(JSON.parse(missing.err()).message, /capture: nowhere.gz does not exist/);
  first.child.kill();
  await first.exit;
});

test.run();
