import { isDeepStrictEqual } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DecodeError } from '../../../streams/events/decode-error.ts';
import { createDecoder } from '../../../streams/events/decoder.ts';
import { createScale, type Scale } from '../../../streams/events/scale.ts';
import { type CapturedEvent, cutFrame, readFrames, readSharedFrames } from '../../support/captures.ts';
import { plainFromEvent, plainFromJson } from './plain-decode.ts';

const test = suite('streams/events/frames');

/** Fine enough for every symbol of the files. */
const FINE = createScale('0.00000001', '0.00000001');
/** Quantities of cheap coins have more digits before the point. */
const COARSE = createScale('0.00000001', '0.001');

/** The channel's own name: `depth@100ms` is `depth`, `markPrice@1s` is `markPrice`. */
const withoutSpeed = ({ channel, payload }: Pick<CapturedEvent, 'channel' | 'payload'>) => ({
  channel: channel.replace(/^depth20$|^depth5$/, 'depth'),
  payload,
});

function assertPlain(channel: string, payload: Buffer, scale: Scale = FINE): void {
  const decoded = plainFromEvent(createDecoder(scale).decode(channel, payload), scale);
  const plain = plainFromJson(channel, payload);
  if (!isDeepStrictEqual(decoded, plain)) assert.equal(decoded, plain, `${channel} ${payload}`);
}

test('frames of 2026-09, with st, ps, nq, ap and a symbol beyond ASCII, decode to what JSON.parse says', () => {
  const text = readSharedFrames('usdm_streams.txt');
  if (text === undefined) return;
  const frames = readFrames(Buffer.from(text.trimEnd()));
  for (const { channel, payload } of frames) assertPlain(channel, payload);
  const channels = new Set(frames.map(({ channel }) => channel));
  assert.equal([...channels].sort(), ['aggTrade', 'bookTicker', 'depth', 'forceOrder', 'kline_1m', 'markPrice']);
  assert.ok(
    frames.some(({ payload }) => /[^\0-\x7f]/.test(payload.toString())),
    'a non-ASCII symbol',
  );
});

test('further frames, some of COIN-M, decode to what JSON.parse says', () => {
  const text = readSharedFrames('extra_live_frames.jsonl');
  if (text === undefined) return;
  for (const line of text.trimEnd().split('\n')) {
    const { channel, payload } = withoutSpeed(cutFrame(Buffer.from(line)));
    assertPlain(channel, payload);
  }
});

test('messages of spot, USD-M and COIN-M from 2021 decode to what JSON.parse says, or are refused', () => {
  const text = readSharedFrames('parser_messages.jsonl');
  if (text === undefined) return;
  const refused: string[] = [];
  let decodedCount = 0;
  for (const line of text.trimEnd().split('\n')) {
    const isOpenInterest = line.includes('"openInterest"');
    const cut = withoutSpeed(cutFrame(Buffer.from(line)));
    const channel = isOpenInterest ? 'openInterest' : cut.channel;
    try {
      assertPlain(channel, cut.payload);
      decodedCount++;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      refused.push(error.message.slice(0, 70));
    }
  }
  assert.ok(decodedCount >= 25, `${decodedCount} decoded; refused:\n${refused.join('\n')}`);
});

test('REST depth answers decode to what JSON.parse says', () => {
  const text = readSharedFrames('usdm_rest_2021.http');
  if (text === undefined) return;
  let count = 0;
  for (const line of text.split('\n')) {
    const start = line.indexOf('{"lastUpdateId"');
    if (start < 0) continue;
    assertPlain('depthSnapshot', Buffer.from(line.slice(start)), COARSE);
    count++;
  }
  assert.ok(count > 3, `${count} answers`);
});

test.run();
