import type { Redis } from 'ioredis';
import { ACCOUNTS_KEY, ledgerHeadKey, ledgerKey } from './keys.ts';

/** An event of a ledger as it is stored. */
export interface LedgerEntry {
  readonly entryId: string;
  /** Place among the trader's own events, from 0; undefined: a command. */
  readonly n: number | undefined;
  /** JSON. */
  readonly text: string;
}

const PAGE = 1_000;

/** The ledger has events that are not this trader's: another one has the account. */
export class LedgerConflict extends Error {}

/** Writes the events where the ledger has as many of the trader's own as `n` says; answers whether it did, and that number. */
const APPEND = `
local head = tonumber(redis.call('GET', KEYS[2]) or '0')
if head ~= tonumber(ARGV[1]) then return {0, head} end
for i = 2, #ARGV do redis.call('XADD', KEYS[1], '*', 'n', head + i - 2, 'event', ARGV[i]) end
redis.call('SET', KEYS[2], head + #ARGV - 1)
return {1, head + #ARGV - 1}`;

/**
 * Appends the trader's own events, all or none, as those from number `n` on. What is there already, since an answer was lost,
 * is not written again.
 * @throws LedgerConflict where the ledger has other events in these places
 */
export async function appendToLedger(
  redis: Redis,
  account: string,
  n: number,
  texts: readonly string[],
): Promise<void> {
  if (texts.length === 0) return;
  const keys = [ledgerKey(account), ledgerHeadKey(account)] as const;
  const [isWritten, head] = (await redis.eval(APPEND, 2, ...keys, n, ...texts)) as [number, number];
  if (isWritten === 1) return;
  if (head === n + texts.length) {
    const there = await ownTexts(redis, account, n);
    if (texts.every((text, at) => there[at] === text)) return;
  }
  throw new LedgerConflict(
    `${keys[0]}: expected ${n} events of the trader before the next, found ${head}; another trader has this account`,
  );
}

/** The trader's own events from number `n` on. */
async function ownTexts(redis: Redis, account: string, n: number): Promise<string[]> {
  const texts: string[] = [];
  for (let to = '+'; ; ) {
    const page = await redis.xrevrange(ledgerKey(account), to, '-', 'COUNT', PAGE);
    for (const [id, fields] of page) {
      const entry = toEntry(id, fields);
      if (entry.n !== undefined && entry.n < n) return texts;
      if (entry.n !== undefined) texts.unshift(entry.text);
    }
    if (page.length < PAGE) return texts;
    to = `(${page.at(-1)![0]}`;
  }
}

/** Tells the trader something. @returns the command's id */
export async function appendCommand(redis: Redis, account: string, text: string): Promise<string> {
  const id = (await redis.xadd(ledgerKey(account), '*', 'event', text))!;
  await redis.sadd(ACCOUNTS_KEY, account);
  return id;
}

/** Every account that has a ledger, in order of their names. */
export async function listAccounts(redis: Redis): Promise<string[]> {
  return (await redis.smembers(ACCOUNTS_KEY)).sort();
}

/** What the ledger holds behind an entry, oldest first, as far as it is there. */
export async function* readLedger(redis: Redis, account: string, after = '0-0'): AsyncGenerator<LedgerEntry[]> {
  for (let from = after; ; ) {
    const page = await redis.xrange(ledgerKey(account), `(${from}`, '+', 'COUNT', PAGE);
    if (page.length === 0) return;
    yield page.map(([id, fields]) => toEntry(id, fields));
    from = page.at(-1)![0];
  }
}

/** The last entries up to before an entry, or to the end, the newest first. */
export async function ledgerBackwards(
  redis: Redis,
  account: string,
  count: number,
  before?: string,
): Promise<LedgerEntry[]> {
  const to = before === undefined ? '+' : `(${before}`;
  const page = await redis.xrevrange(ledgerKey(account), to, '-', 'COUNT', count);
  return page.map(([id, fields]) => toEntry(id, fields));
}

function toEntry(entryId: string, fields: readonly string[]): LedgerEntry {
  const isNumbered = fields[0] === 'n';
  return { entryId, n: isNumbered ? Number(fields[1]) : undefined, text: fields[isNumbered ? 3 : 1] ?? '' };
}
