import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readArguments } from '../../../services/cli/arguments.ts';
import { commandHelp } from '../../../services/cli/help.ts';
import { duration } from '../../../services/cli/status-report.ts';
import { table } from '../../../services/cli/table.ts';

const test = suite('services/cli/arguments');

const options = {
  from: { type: 'string', value: 'TIME', help: 'the first' },
  levels: { type: 'string', default: '20', value: 'N', help: 'how many' },
  instrument: { type: 'string', multiple: true, help: 'which' },
  fast: { type: 'boolean', short: 'f', help: 'soon' },
} as const;
const read = (...args: string[]) => readArguments('book', { options }, args);

test('flags, their defaults, and what stands beside them', () => {
  const { values, positionals, json } = read(
    'a',
    '--from',
    '2024-08-09',
    '--instrument',
    'x',
    '--instrument=y',
    '-f',
    'b',
    '--json',
  );
  assert.equal(
    { ...values },
    { from: '2024-08-09', levels: '20', instrument: ['x', 'y'], fast: true, json: true, help: false },
  );
  assert.equal([positionals, json], [['a', 'b'], true]);
  const empty = read();
  assert.equal([empty.values['from'], empty.values['instrument'], empty.values['fast']], [undefined, [], false]);
});

test('a value may be negative, and what follows -- is no flag', () => {
  assert.is(read('--from', '-15m').values['from'], '-15m');
  assert.equal(read('--', '--form').positionals, ['--form']);
});

test('a flag that is unknown, or lacks its value, is named', () => {
  assert.throws(() => read('--form', 'x'), /don book: unknown flag --form; did you mean --from\?/);
  assert.throws(() => read('--depth'), /don book: unknown flag --depth; see don book --help/);
  assert.throws(() => read('--from'), /don book: Option '--from <value>' argument missing; see don book --help/);
  assert.throws(() => read('--fast=yes'), /don book: Option '-f, --fast' does not take an argument/);
});

test('help shows each form, flag and example', () => {
  const command = { usage: ['book --instrument I'], examples: ['don book'], options, run: async () => 0 };
  const help = commandHelp(
    { name: 'book', summary: 'the order book', load: async () => ({ default: command }) },
    command,
  );
  assert.match(help, /^don book: the order book\n\nUsage:\n {2}don book --instrument I\n/);
  assert.match(help, / {2}--levels N {5,}how many \(20\)/);
  assert.match(help, / {2}-f, --fast {5,}soon\n/);
});

test('a table pads by what is seen, and numbers stand to the right', () => {
  assert.is(
    table(
      ['NAME', 'N'],
      [
        ['\u001b[32ma\u001b[39m', '5'],
        ['long name', '123'],
      ],
      ['N'],
    ),
    'NAME          N\n\u001b[32ma\u001b[39m             5\nlong name   123',
  );
});

test('a length of time is told in its largest fitting unit', () => {
  assert.equal([12, 3_400, 300_000, 7_800_000, 273_600_000].map(duration), [
    '12 ms',
    '3.4 s',
    '5 min',
    '2 h 10 min',
    '3 d 4 h',
  ]);
});

test.run();
