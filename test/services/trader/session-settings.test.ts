import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sessionSettings } from '../../../services/trader/session-settings.ts';

const REQUEST = { instrument: 'simulated:BTCUSDT', strategy: 'market-maker' };

const refusalOf = (request: unknown): Promise<string> =>
  sessionSettings(request).then(
    () => 'no error',
    (error: Error) => error.message,
  );

test('what is not said is as usual, and written out', async () => {
  const settings = await sessionSettings({ ...REQUEST, parameters: { qty: 0.5 }, limits: { maxPosition: 2 } });
  assert.equal(settings, {
    mode: 'paper',
    instrument: 'simulated:BTCUSDT',
    strategy: 'market-maker',
    parameters: { everyMs: 500, halfSpreadBps: 1, skewBps: 1, qty: 0.5, maxQty: 0.1 },
    queue: 'risk-averse',
    latency: '5,5',
    seed: 1,
    balance: 10_000,
    leverage: 5,
    feeTier: 0,
    limits: { maxPosition: 2, maxOrdersPer10s: 300, priceBand: 0.05, maxBookAgeMs: 5_000 },
  });
});

for (const [what, request, pattern] of [
  ['nothing', undefined, /^session: expected .*object/],
  ['no strategy', { instrument: 'simulated:BTCUSDT' }, /^strategy: expected the name of a strategy, .* found nothing/],
  ['a strategy that is not there', { ...REQUEST, strategy: 'market-makr' }, /did you mean market-maker\?/],
  ['a parameter that is not there', { ...REQUEST, parameters: { qyt: 1 } }, /parameters of market-maker.*qyt/],
  ['a parameter out of range', { ...REQUEST, parameters: { everyMs: 1 } }, /everyMs.*10.*found 1/],
  ['an unknown mode', { ...REQUEST, mode: 'demo' }, /^mode: expected paper or live, found "demo"/],
  ['an unknown queue', { ...REQUEST, queue: 'fifo' }, /^queue: expected one of risk-averse, .*, found "fifo"/],
  ['a latency below zero', { ...REQUEST, latency: '-1,1' }, /^latency: expected MS,MS or .*, found "-1,1"/],
  ['no balance', { ...REQUEST, balance: 0 }, /^balance: expected a number from/],
  [
    'a limit that is not there',
    { ...REQUEST, limits: { maxPos: 1 } },
    /^limits\/maxPos: expected one of maxPosition, .*, found maxPos; did you mean maxPosition\?$/,
  ],
  [
    'a limit that is no number',
    { ...REQUEST, limits: { maxPosition: '1' } },
    /^limits\/maxPosition: .* a number, found "1"/,
  ],
  [
    'a limit below zero',
    { ...REQUEST, limits: { maxPosition: -1 } },
    /risk\/maxPosition: expected a number from 0, found -1/,
  ],
  [
    'something else',
    { ...REQUEST, levrage: 1 },
    /^levrage: expected one of instrument, strategy, .*limits, found levrage; did you mean leverage\?$/,
  ],
  ['no number', { ...REQUEST, seed: Number.NaN }, /^seed: expected a whole number from 0 to 4294967295, found NaN$/],
  [
    'an instrument without a venue',
    { ...REQUEST, instrument: 'BTCUSDT' },
    /^instrument: expected venue:SYMBOL such as simulated:BTCUSDT, found "BTCUSDT"; put a venue in front/,
  ],
  [
    'an instrument of a venue that is none',
    { ...REQUEST, instrument: 'bitmex:XBT' },
    /^instrument\/venue: expected one of .*, found "bitmex"/,
  ],
] as const)
  test(`${what} is refused by name`, async () => assert.match(await refusalOf(request), pattern));

test('the path of a file is written whole, as the trader runs elsewhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'don-strategies-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'idle.ts');
  const definition = `{ name: 'idle', parameters: {}, events: [], create: () => ({ onEvent() {} }) }`;
  writeFileSync(path, `const idle = ${definition};\nexport { idle as default };\n`);
  const { strategy } = await sessionSettings({ ...REQUEST, strategy: relative(process.cwd(), path) });
  assert.is(strategy, path);
  assert.is((await sessionSettings({ ...REQUEST, strategy: 'grid' })).strategy, 'grid');
});

test.run();
