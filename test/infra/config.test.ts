import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../infra/config.ts';
import { donHome, REPOSITORY } from '../../infra/home.ts';
import { nearestName } from '../../infra/nearest-name.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { testHome } from '../support/servers.ts';

const test = suite('infra/config');

const NOWHERE = join(REPOSITORY, 'infra');

async function refusal(env: NodeJS.ProcessEnv, folder = NOWHERE): Promise<string> {
  const outcome = await readConfig({ env, folder }).catch((error: unknown) => error);
  assert.instance(outcome, BadInput);
  return (outcome as Error).message;
}

/** A folder with that configuration file. */
function folderWith(file: string, content: string): string {
  const folder = join(testHome(), 'project');
  mkdirSync(folder);
  writeFileSync(join(folder, file), content);
  return folder;
}

test('without settings it is the demonstration on port 4000', async () => {
  const { port, venue, instruments, redisUrl } = await readConfig({ env: {}, folder: NOWHERE });
  assert.equal(
    { port, venue, instruments, redisUrl },
    { port: 4000, venue: 'simulated', instruments: ['simulated:BTCUSDT', 'simulated:ETHUSDT'], redisUrl: undefined },
  );
  assert.equal((await readConfig({ env: { DON_VENUE: 'binance' }, folder: NOWHERE })).instruments, [
    'binance-usdm:BTCUSDT',
    'binance-usdm:ETHUSDT',
  ]);
});

test('a flag wins over the environment, and that over the file', async () => {
  const folder = folderWith('don.config.json', JSON.stringify({ port: 4001, instruments: ['simulated:XRPUSDT'] }));
  assert.is((await readConfig({ env: {}, folder })).port, 4001);
  assert.is((await readConfig({ env: { DON_PORT: '4002' }, folder })).port, 4002);
  const config = await readConfig({ env: { DON_PORT: '4002' }, folder, flags: { port: '4003' } });
  assert.is(config.port, 4003);
  assert.equal(config.instruments, ['simulated:XRPUSDT'], 'what the others leave open is the file’s');
});

test('everything is verified at three in the morning where no other time is said', async () => {
  for (const [env, verifyAt] of [
    [{}, '03:00'],
    [{ DON_VERIFY_AT: '23:59' }, '23:59'],
    [{ DON_VERIFY_AT: 'off' }, 'off'],
  ] as const)
    assert.is((await readConfig({ env, folder: NOWHERE })).verifyAt, verifyAt);
});

test('a TypeScript configuration is run as it is', async () => {
  const folder = folderWith('don.config.ts', `const port: number = 4010;\nexport default { port };\n`);
  assert.is((await readConfig({ env: {}, folder })).port, 4010);
});

test('names the setting, what was expected and what was found', async () => {
  assert.is(await refusal({ DON_PORT: '70000' }), 'DON_PORT: expected a port from 1 to 65535, found "70000".');
  assert.is(await refusal({ DON_PORT: 'http' }), 'DON_PORT: expected a port from 1 to 65535, found "http".');
  for (const found of ['3:00', '24:00', 'never'])
    assert.is(
      await refusal({ DON_VERIFY_AT: found }),
      `DON_VERIFY_AT: expected a time of day in UTC such as 03:00, or off, found "${found}".`,
    );
  assert.is(await refusal({ DON_VENUE: 'simulator' }), 'DON_VENUE: expected simulated or binance, found "simulator".');
  assert.match(
    await refusal({ DON_INSTRUMENTS: 'simulated:BTCUSDT, ETHUSDT' }),
    /^DON_INSTRUMENTS: expected venue:SYMBOL such as .*, found "ETHUSDT"\.$/,
  );
  assert.match(
    await refusal({ DON_INSTRUMENTS: 'binance-usdm:BTCUSDT' }),
    /found binance-usdm:BTCUSDT\. Correct DON_INSTRUMENTS, or set DON_VENUE=binance/,
  );
  assert.match(
    await refusal({ DON_QUESTDB_URL: '127.0.0.1:9000' }),
    /DON_QUESTDB_URL: expected a URL that begins with http:\/\/ or https:\/\/, found "127\.0\.0\.1:9000"/,
  );
});

test('pairs are two of the instruments each', async () => {
  const pair = 'simulated:ETHUSDT/simulated:BTCUSDT';
  const { pairs } = await readConfig({ env: { DON_PAIRS: `${pair}, ${pair}` }, folder: NOWHERE });
  assert.equal(pairs, [{ instrument: 'simulated:ETHUSDT', other: 'simulated:BTCUSDT' }]);
  assert.equal((await readConfig({ env: {}, folder: NOWHERE })).pairs, []);
  for (const [text, message] of [
    ['simulated:ETHUSDT', /DON_PAIRS: expected two instruments such as .*, found "simulated:ETHUSDT"/],
    ['simulated:ETHUSDT/simulated:XRPUSDT', /pairs: expected two of the instruments .*, found simulated:XRPUSDT/],
    ['simulated:ETHUSDT/simulated:ETHUSDT', /pairs: expected two different instruments/],
  ] as const)
    assert.match(await refusal({ DON_PAIRS: text }), message);
});

test('an unknown setting of the file names the nearest known one, and a broken file says so', async () => {
  const misspelt = folderWith('don.config.json', '{"instrument":["simulated:BTCUSDT"]}');
  assert.match(
    await refusal({}, misspelt),
    /don\.config\.json: unknown setting "instrument"; did you mean instruments\?/,
  );
  assert.match(
    await refusal({}, folderWith('don.config.json', '{"port":')),
    /don\.config\.json could not be read: .*Correct it, or remove it/,
  );
  assert.match(await refusal({}, folderWith('don.config.json', '[]')), /expected an object of settings, found \[\]/);
});

test('the home is DON_HOME, or .don of the clone', () => {
  assert.is(donHome({ DON_HOME: '/some/where' }), '/some/where');
  assert.is(donHome({}), join(REPOSITORY, '.don'));
});

test('the nearest name is one that was likely meant', () => {
  const known = ['start', 'stop', 'status', 'import', 'recordings'];
  assert.is(nearestName('strat', known), 'start');
  assert.is(nearestName('imprt', known), 'import');
  assert.is(nearestName('rec', known), 'recordings');
  assert.is(nearestName('backtest', known), undefined);
});

test.run();
