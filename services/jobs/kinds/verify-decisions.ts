import { z } from 'zod';
import { nearestName } from '../../../infra/nearest-name.ts';
import { ledgerKey } from '../../../streams/keys.ts';
import { listAccounts } from '../../../streams/ledger.ts';
import { text } from '../job-fields.ts';
import { BadJobData, jobKind } from '../job-kind.ts';

const data = z.strictObject(
  {
    account: text('the name of an account: lower-case letters, digits, "-" and "."', (name) => ledgerKey(name) && name),
  },
  'an object with account',
);

/** Compares a forward test with the backtest of its span. */
export const verifyDecisions = jobKind({
  name: 'verify-decisions',
  role: 'replay',
  says: 'runs the last trading session of an account again from the log, and compares each decision and the equity at it with the ledger',
  example: { account: 'paper' },
  data,
  async check(redis, { account }) {
    const known = await listAccounts(redis);
    if (known.includes(account)) return;
    const nearest = nearestName(account, known);
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    const expected = `one that has traded: ${known.length === 0 ? 'none has' : `one of ${known.join(', ')}`}${hint}`;
    throw new BadJobData([{ field: 'data/account', expected, found: account }]);
  },
  async run({ account }, { redis, signal, report }) {
    const { compareDecisions } = await import('../../trader/compare-decisions.ts');
    const told = { text: `running the last session of ${account} again`, unit: 'decisions' };
    report({ ...told, done: 0, of: null, share: null });
    const onProgress = (done: number, of: number): void =>
      report({ ...told, done, of, share: of === 0 ? null : Math.min(1, done / of) });
    const found = await compareDecisions(redis, account, { onProgress, signal });
    if (found === undefined)
      throw new Error(`${account}: expected a session, found that its trader has written nothing`);
    return found;
  },
});
