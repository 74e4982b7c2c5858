import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CORRUPTIONS } from '../../../services/venue/faults/rules.ts';
import { listDeadLetters } from '../../../streams/dead-letter.ts';
import { until } from '../../support/until.ts';
import { assertBooksStart } from './audit.ts';
import { INSTRUMENT, withRig } from './rig.ts';
import { atWork, moreOf } from './waits.ts';

const test = suite('services/recorder/bad-frames.int');

/** Spoiled inside a value that only a decoder reads: the log keeps such a payload as it came, see decisions in streams. */
const LOGGED_AS_THEY_CAME = ['bad-number', 'empty-price', 'negative-quantity', 'new-field'];

test('each kind of bad frame is one dead letter with its reason, the next event shows the gap, and the rest goes on', async () => {
  await withRig({}, async ({ venue, redis, recorder, audit, log }) => {
    const { counts, depth } = recorder.instruments.get(INSTRUMENT)!;
    await until('a start', async () => (await log()).some((event) => event.channel === 'depthSnapshot'));
    for (const how of CORRUPTIONS) {
      await until('a synchronised book', () => !depth().isSynchronising);
      const [letters, gaps] = [recorder.status().refusedFrames, counts.of('depth').gaps];
      const fault = venue.addFault({ kind: 'corrupt', how, stream: '*@depth@100ms' });
      const isTouched = () => venue.state().faults.find(({ id }) => id === fault.id)!.touched === 1;
      await until(`${how} to be sent`, isTouched);
      const isLogged = LOGGED_AS_THEY_CAME.includes(how);
      if (!isLogged) await until(`the gap behind ${how}`, () => counts.of('depth').gaps > gaps);
      // Whatever was on its way has passed after so many more.
      const before = counts.of('depth').events;
      await until(`events after ${how}`, () => counts.of('depth').events >= before + 5);
      assert.is(recorder.status().refusedFrames - letters, isLogged ? 0 : 1, `${how}: dead letters`);
      assert.is(counts.of('depth').gaps - gaps, isLogged ? 0 : 1, `${how}: gaps`);
    }
    await until('a synchronised book', () => !depth().isSynchronising);
    assert.ok(
      recorder.feeds.every((feed) => feed.state().reconnects === 0),
      'no bad frame costs the connection',
    );
    const stored = await until('the dead letters', async () => {
      const letters = await listDeadLetters(redis, INSTRUMENT);
      return letters.length >= recorder.status().refusedFrames && letters;
    });
    const reasons = stored.map(({ reason }) => reason.split(/[: ]/)[0]).sort();
    assert.equal(reasons, [
      'binary',
      'no-sequence',
      'not-json',
      'not-json',
      'not-json',
      'too-large',
      'wrong-event',
      'wrong-sequence',
    ]);
    const huge = stored.find(({ reason }) => reason.startsWith('too-large'))!;
    assert.ok(huge.payload.length <= 65_536, 'an oversized frame is not kept whole');
    assertBooksStart((await audit()).events);
  });
});

test('a bad frame of a channel without a chain is marked by a gap at once', async () => {
  await withRig({}, async ({ venue, audit, log, recorder }) => {
    await atWork(recorder);
    venue.addFault({ kind: 'corrupt', how: 'truncate', stream: '*@markPrice@1s' });
    await until('the gap', async () => (await log()).some((event) => event.channel === 'gap'));
    await moreOf(recorder, 1);
    const { audit: result } = await audit();
    assert.equal(
      result.gaps.map(({ channel, reason }) => `${channel} ${reason}`),
      ['markPrice dead-letter'],
    );
    assert.is(result.missing['markPrice'], 1);
  });
});

test('a spoiled trade is refilled', async () => {
  await withRig({}, async ({ venue, audit, recorder }) => {
    await atWork(recorder);
    venue.addFault({ kind: 'corrupt', how: 'truncate', stream: '*@aggTrade', count: 3 });
    await until('the refill', () => recorder.instruments.get(INSTRUMENT)!.trades().refilledTrades === 3);
    await moreOf(recorder, 1);
    const { audit: result } = await audit();
    assert.equal(result.gaps, []);
    assert.is(result.missing['aggTrade'], 0);
  });
});

test('frames of foreign streams and symbols do not enter the log', async () => {
  await withRig({}, async ({ venue, recorder, audit, redis }) => {
    await atWork(recorder);
    const payload = (symbol: string) => `{"e":"markPriceUpdate","E":1,"s":"${symbol}","p":"1.0"}`;
    venue.emit('btcusdt@markPrice@1s', payload('ETHUSDT'));
    await until('the refusal', () => recorder.status().refusedFrames === 1);
    const letter = await until('the letter', async () => (await listDeadLetters(redis, INSTRUMENT))[0]);
    assert.is(letter.reason, 'wrong-symbol: expected s BTCUSDT, found ETHUSDT');
    assert.is(letter.payload, `{"stream":"btcusdt@markPrice@1s","data":${payload('ETHUSDT')}}`);
    await recorder.end();
    assert.ok(
      !(await redis.xrange(`don:{${INSTRUMENT}}:raw`, '-', '+')).flat(3).some((text) => text.includes('ETHUSDT')),
    );
    await audit();
  });
});

test.run();
