import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { appendCommand, appendToLedger, LedgerConflict, listAccounts, readLedger } from '../../streams/ledger.ts';
import { testServers } from '../support/servers.ts';

const test = suite('streams/ledger');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
let count = 0;
const newAccount = (): string => `ledger-${process.pid}-${count++}`;

async function textsOf(account: string, after?: string): Promise<(readonly [number | undefined, string])[]> {
  const found = [];
  for await (const page of readLedger(redis, account, after))
    for (const { n, text } of page) found.push([n, text] as const);
  return found;
}

const conflictOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('the trader’s events are numbered, commands are not, and both are read in order', async () => {
  const account = newAccount();
  await appendToLedger(redis, account, 0, ['"a"', '"b"']);
  const id = await appendCommand(redis, account, '"halt"');
  await appendToLedger(redis, account, 2, ['"c"']);
  await appendToLedger(redis, account, 3, []);
  assert.equal(await textsOf(account), [
    [0, '"a"'],
    [1, '"b"'],
    [undefined, '"halt"'],
    [2, '"c"'],
  ]);
  assert.equal(await textsOf(account, id), [[2, '"c"']]);
  assert.ok((await listAccounts(redis)).includes(account));
});

test('what was written already, since an answer was lost, is not written again', async () => {
  const account = newAccount();
  await appendToLedger(redis, account, 0, ['"a"']);
  await appendToLedger(redis, account, 1, ['"b"', '"c"']);
  await appendCommand(redis, account, '"halt"');
  await appendToLedger(redis, account, 1, ['"b"', '"c"']);
  assert.is((await textsOf(account)).length, 4);
});

test('where another trader has written, nothing is written, and it is said', async () => {
  const account = newAccount();
  await appendToLedger(redis, account, 0, ['"a"', '"b"']);
  for (const [n, texts] of [
    [1, ['"x"']],
    [0, ['"a"', '"x"']],
    [0, ['"a"']],
    [3, ['"c"']],
  ] as const) {
    const error = await conflictOf(appendToLedger(redis, account, n, texts));
    assert.instance(error, LedgerConflict);
    assert.match((error as Error).message, new RegExp(`expected ${n} events of the trader before the next, found 2;`));
  }
  assert.is((await textsOf(account)).length, 2);
});

test('more than a page is read whole', async () => {
  const account = newAccount();
  const texts = Array.from({ length: 2_500 }, (_, n) => String(n));
  await appendToLedger(redis, account, 0, texts);
  assert.equal(
    (await textsOf(account)).map(([, text]) => text),
    texts,
  );
  await appendToLedger(redis, account, 0, texts);
  assert.is((await textsOf(account)).length, 2_500, 'nor written again');
});

test('an account has a name that can be part of a key', async () => {
  assert.match(
    String(await conflictOf(appendCommand(redis, 'my account', '""'))),
    /account: expected lower-case letters/,
  );
});

test('closes', () => redis.disconnect());

test.run();
