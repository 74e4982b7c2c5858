// time limit: 240 s
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../../infra/redis.ts';
import { type CheckReport, checkFeature } from '../../../../services/features/custom/check-feature.ts';
import { checkFile } from '../../../../services/features/custom/check-file.ts';
import { LIVE } from '../../../../streams/keys.ts';
import { entriesOf } from '../../../pipelines/derive.ts';
import { madeMarket } from '../../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../../support/servers.ts';
import { appendEntries } from '../../api/append-events.ts';

const test = suite('services/features/custom/check-recording');

const { redisUrl } = await testServers('redis');
const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', `${name}.ts`);
const instrument = testInstrument();
/** Prices that the made market of the check never has, over an hour, with holes. */
const ENTRIES = entriesOf(madeMarket({ seed: 46, events: 4_000, quietEvents: 3_000, pace: 12 }), [5]);
/** As they are appended: one time an entry. */
const RECEIVED = ENTRIES.flatMap(({ events }) => events.map(() => events[0]!.receiveTimeUs));

const redis = await connectRedis(redisUrl);
await appendEntries(redis, instrument, ENTRIES);
await redis.quit();

const span = { redisUrl, instrument, recording: LIVE };
const check = (name: string): Promise<CheckReport> => checkFeature(fixture(name), span);

for (const name of ['close-z-score', 'quote-pressure'])
  test(`${name} is honest on a recording too, and what was looked at is said`, async () => {
    const { findings, recorded } = await check(name);
    assert.equal(findings, []);
    assert.ok(recorded!.rows > 10, JSON.stringify(recorded));
    const { fromUs, toUs, events, isCut } = recorded!;
    assert.equal([fromUs, isCut], [RECEIVED[0], false]);
    assert.ok(toUs! <= RECEIVED[0]! + 7_200e6);
    assert.is(events, RECEIVED.filter((us) => us <= toUs!).length);
  });

test('a look-ahead that shows on real prices alone is found, and where', async () => {
  const { findings } = await check('leaks-when-dear');
  assert.is(findings.length, 1, JSON.stringify(findings));
  assert.is(findings[0]!.kind, 'look-ahead');
  assert.match(
    findings[0]!.message,
    /^on live of simulated:\w+: looks ahead: each value depends on the next bar\. leaks_when_dear at 2024-08-\d\dT.*Z is \d+, and \d+ where what comes after it, up to 2024-.*, is something else/,
  );
});

test('so is what is kept outside the state', async () => {
  const { findings } = await check('remembers-when-dear');
  const found = findings.find(({ kind }) => kind === 'look-ahead');
  assert.match(
    found?.message ?? JSON.stringify(findings),
    /^on live of .*: looks ahead: .*remembers_when_dear at 2024-/,
  );
});

test('the span can be said; apart from this thread it is the same', async () => {
  const [fromUs, toUs] = [RECEIVED[1_000]!, RECEIVED[2_000]!];
  const { findings, recorded } = await checkFile(fixture('quote-pressure'), { span: { ...span, fromUs, toUs } });
  assert.equal(findings, []);
  assert.is(recorded!.toUs, toUs);
  assert.ok(recorded!.fromUs! <= fromUs, 'with what the book needs before it');
  assert.ok(recorded!.rows > 50);
});

test('a recording that is not there has nothing to check', async () => {
  const { findings, recorded } = await checkFeature(fixture('close-z-score'), {
    ...span,
    instrument: testInstrument(),
  });
  assert.equal(findings, []);
  assert.equal([recorded!.events, recorded!.rows, recorded!.fromUs], [0, 0, null]);
});

test.run();
