// time limit: 240 s
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckReport, checkFeature } from '../../../../services/features/custom/check-feature.ts';

const test = suite('services/features/custom/check-feature');

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', `${name}.ts`);
const check = (name: string): Promise<CheckReport> => checkFeature(fixture(name));

for (const name of ['close-z-score', 'quote-pressure'])
  test(`${name} is honest, and nothing is found`, async () => {
    const { findings, rows, feature } = await check(name);
    assert.equal(findings, []);
    assert.is(feature, name.replaceAll('-', '_'));
    assert.ok(rows > 500);
  });

const leaks: Readonly<Record<string, RegExp>> = {
  'peeks-at-next-bar':
    /looks ahead: each value depends on the next bar\. peeks_at_next_bar at 2023-.*Z is .*, up to 2023/,
  'centred-window': /looks ahead: each value depends on the 2 bars after it, as with a centred window/,
  'whole-span': /looks ahead: each value depends on everything that comes/,
  'unclosed-bar': /looks ahead: values depend on bars of 5 rows that have not closed yet/,
  remembers: /looks ahead: each value depends on the next bar/,
};
for (const [name, message] of Object.entries(leaks))
  test(`${name} is found to look ahead, and how far`, async () => {
    const { findings } = await check(name);
    const found = findings.find(({ kind }) => kind === 'look-ahead');
    assert.match(found?.message ?? JSON.stringify(findings), message);
  });

const faults: Readonly<Record<string, readonly [kind: string, message: RegExp]>> = {
  'says-nan': ['value', /expected finite numbers, found says_nan: NaN/],
  'asks-the-clock': ['throws', /Date\.now was called/],
  'changes-its-input': ['throws', /TypeError: Cannot assign to read only property 'close'/],
  throws: ['throws', /RangeError: no hundredth bar/],
};
for (const [name, [kind, message]] of Object.entries(faults))
  test(`${name} is found`, async () => {
    const { findings } = await check(name);
    assert.match(findings.find((finding) => finding.kind === kind)?.message ?? JSON.stringify(findings), message);
  });

test.run();
