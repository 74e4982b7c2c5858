import { isDeepStrictEqual } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDecoder } from '../../../streams/events/decoder.ts';
import { CAPTURES, readCapture } from '../../support/captures.ts';
import { plainFromEvent, plainFromJson } from './plain-decode.ts';

const test = suite('streams/events/captures');

for (const capture of CAPTURES) {
  test(`every frame of ${capture.file} decodes to what JSON.parse says`, () => {
    const events = readCapture(capture);
    if (events === undefined) return;
    const decoder = createDecoder();
    const counts: Record<string, number> = {};
    for (const { channel, payload } of events) {
      const event = decoder.decode(channel, payload);
      counts[channel] = (counts[channel] ?? 0) + 1;
      if (channel === 'instrument') continue;
      const plain = plainFromJson(channel, payload);
      const decoded = plainFromEvent(event, decoder.scale!);
      if (!isDeepStrictEqual(decoded, plain)) assert.equal(decoded, plain, payload.toString());
    }
    assert.is(counts['depthSnapshot'], 1);
    for (const channel of ['depth', 'trade', 'bookTicker']) assert.ok(counts[channel]! > 2_000, channel);
  });
}

test.run();
