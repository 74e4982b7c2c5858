import type { Redis } from 'ioredis';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { listAccounts } from '../../../streams/ledger.ts';
import { listInstruments, listRecordings } from '../../../streams/recordings.ts';
import { type VerifyReport, verifyRecording } from '../../deriver/verify-recording.ts';
import { NO_SESSION, type SessionVerification, verifySession } from '../../trader/verify-session.ts';
import { chooseInstrument, chooseRecording } from '../choose-recording.ts';
import { type Context, command } from '../command.ts';
import { parseTimeFlag } from '../time.ts';
import { verificationText } from '../trading-text.ts';
import { isEqual, verifyText } from '../verify-text.ts';

export default command({
  usage: ['verify [--instrument I] [--recording R] [--from T] [--to T]', 'verify --decisions [--account NAME]'],
  description: `Recomputes what was derived of the log, in other chunks, and the feature sets that were filled by a backfill, and
compares it with the stored rows to the last bit. Without --instrument every recording is verified. Exits with 1 at
the first difference, and shows it. While Don runs, the same is done each night (DON_VERIFY_AT); don status says how
it came out.
--decisions runs the last trading session of each account again from the log: every decision of a model, with what it
had seen, and every order, fill and balance that followed are compared with the ledger, to the last bit.`,
  examples: ['don verify', 'don verify --instrument simulated:BTCUSDT --from -1h'],
  options: {
    decisions: { type: 'boolean', help: 'what was decided and traded, in place of what was derived' },
    account: { type: 'string', value: 'NAME', help: '--decisions: of one account; without it of all' },
    instrument: { type: 'string', value: 'I', help: 'venue:SYMBOL' },
    recording: { type: 'string', value: 'R', help: 'recording; without it all of them' },
    from: { type: 'string', value: 'T', help: 'first receive time: RFC 3339, age such as -15m, or entry id' },
    to: { type: 'string', value: 'T', help: 'last receive time' },
  },
  async run(context) {
    const { values, json, print, say, signal, servers } = context;
    if (values.decisions) return await verifyDecisions(context, values.account);
    if (values.account !== undefined) throw new BadInput('--account: expected with --decisions, found it without');
    const nowUs = Date.now() * 1_000;
    const fromUs = values.from === undefined ? undefined : parseTimeFlag('from', values.from, nowUs).timeUs;
    const toUs = values.to === undefined ? undefined : parseTimeFlag('to', values.to, nowUs).timeUs;
    const { redisUrl, questdbUrl } = await servers('redis', 'questdb');
    const redis = await connectRedis(redisUrl);
    try {
      const reports: VerifyReport[] = [];
      for (const { instrument, recording } of await choose(redis, values.instrument, values.recording)) {
        say(`verifying ${instrument}, recording ${recording}`);
        reports.push(await verifyRecording({ redis, questdbUrl, instrument, recording, fromUs, toUs, signal }));
      }
      print(json ? JSON.stringify({ items: reports }) : verifyText(reports));
      return reports.every(isEqual) ? 0 : 1;
    } catch (error) {
      if (!signal.aborted) throw error;
      return 130;
    } finally {
      redis.disconnect();
    }
  },
});

/** @throws BadInput where the account has never traded */
async function verifyDecisions({ json, print, say, servers }: Context, account: string | undefined): Promise<number> {
  const { redisUrl } = await servers('redis');
  const redis = await connectRedis(redisUrl);
  try {
    const names = await listAccounts(redis);
    if (account !== undefined && !names.includes(account))
      throw new BadInput(
        `--account: expected one that has traded (${names.join(', ') || 'none has'}), found ${account}`,
      );
    const items: ({ readonly account: string } & SessionVerification)[] = [];
    for (const name of account === undefined ? names : [account]) {
      say(`running the last session of ${name} again`);
      // Its start may wait still.
      const found = (await verifySession(redis, name)) ?? NO_SESSION;
      items.push({ account: name, ...found });
    }
    print(
      json
        ? JSON.stringify({ items })
        : items.map((item) => `${item.account}  ${verificationText(item)}`).join('\n') || 'No account has traded.',
    );
    return items.every(({ difference }) => difference === null) ? 0 : 1;
  } finally {
    redis.disconnect();
  }
}

interface Chosen {
  readonly instrument: string;
  readonly recording: string;
}

async function choose(redis: Redis, instrument: string | undefined, recording: string | undefined): Promise<Chosen[]> {
  if (recording !== undefined) {
    const named = await chooseInstrument(redis, instrument);
    return [{ instrument: named, recording: await chooseRecording(redis, named, recording, undefined) }];
  }
  const names = instrument === undefined ? await listInstruments(redis) : [await chooseInstrument(redis, instrument)];
  const chosen: Chosen[] = [];
  for (const name of names)
    for (const known of await listRecordings(redis, name))
      chosen.push({ instrument: name, recording: known.recording });
  return chosen;
}
