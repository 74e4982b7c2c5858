import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSettings } from '../../../services/venue/settings.ts';

test('has ordinary values for everything', () => {
  assert.equal(readSettings([], {}), {
    port: 0,
    seed: 1,
    pace: 1,
    rate: undefined,
    symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'],
    capture: [],
    accounts: [{ name: 'demo', balanceE8: 10_000 * 1e8 }],
  });
});

test('takes the environment, and flags before it', () => {
  const env = {
    DON_VENUE_PORT: '4001',
    DON_VENUE_SEED: '7',
    DON_VENUE_PACE: '10',
    DON_VENUE_RATE: '2000',
    DON_VENUE_SYMBOLS: ' BTCUSDT, ETHUSDT ',
    DON_VENUE_CAPTURE: 'a.gz,b.gz',
    DON_VENUE_ACCOUNTS: 'one:0.5, two:0',
  };
  assert.equal(readSettings(['--seed', '9', '--pace=max'], env), {
    port: 4001,
    seed: 9,
    pace: 'max',
    rate: 2000,
    symbols: ['BTCUSDT', 'ETHUSDT'],
    capture: ['a.gz', 'b.gz'],
    accounts: [
      { name: 'one', balanceE8: 50_000_000 },
      { name: 'two', balanceE8: 0 },
    ],
  });
  assert.is(readSettings([], { DON_VENUE_PORT: '' }).port, 0, 'an empty variable is none');
});

test('names a wrong setting, what it must be and what it was', () => {
  const wrong: [string[], Record<string, string>, RegExp][] = [
    [[], { DON_VENUE_PORT: '70000' }, /DON_VENUE_PORT: must be an integer from 0 to 65535, was "70000"/],
    [['--port', 'x'], {}, /--port: must be an integer .* was "x"/],
    [[], { DON_VENUE_ACCOUNTS: 'a:1,a:2' }, /DON_VENUE_ACCOUNTS: must be different names .* was "a:2"/],
    [['--accounts', 'a'], {}, /--accounts: must be different names .* was "a"/],
    [[], { DON_VENUE_SEED: '-1' }, /DON_VENUE_SEED: must be an integer/],
    [[], { DON_VENUE_PACE: '0' }, /DON_VENUE_PACE: must be a number above 0/],
    [[], { DON_VENUE_PACE: 'max' }, /DON_VENUE_PACE: max is for a capture/],
    [[], { DON_VENUE_RATE: 'fast' }, /DON_VENUE_RATE: must be a number above 0 .* was "fast"/],
    [['--speed', '1'], {}, /--speed: unknown argument; known are --port, --seed/],
    [['--seed'], {}, /--seed: needs a value/],
  ];
  for (const [args, env, message] of wrong) assert.throws(() => readSettings(args, env), message);
});

test.run();
