import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDecoder } from '../../../streams/events/decoder.ts';

const test = suite('streams/events/connection');

const decode = (channel: string, payload: string) => createDecoder().decode(channel, Buffer.from(payload));

test('says which channels began and ceased, and why', () => {
  assert.equal(decode('connected', '{"channels":["depth","aggTrade"],"connection":2}'), {
    type: 'connected',
    channels: ['depth', 'aggTrade'],
    connection: 2,
    reason: null,
  });
  assert.is(
    (decode('disconnected', '{"channels":[],"connection":2,"reason":"silence"}') as { reason: unknown }).reason,
    'silence',
  );
});

test('is refused with the field that is not as it should be', () => {
  const cases: [payload: string, message: RegExp][] = [
    ['', /^connected\/: expected a JSON object, found nothing$/],
    ['null', /^connected\/channels: expected an array of channels, found nothing$/],
    ['{"connection":1}', /^connected\/channels: expected an array of channels, found nothing$/],
    ['{"channels":"depth","connection":1}', /^connected\/channels: .*, found "depth"$/],
    ['{"channels":[1],"connection":1}', /^connected\/channels: .*, found an array of 1$/],
    ['{"channels":[]}', /^connected\/connection: expected an integer, found nothing$/],
    ['{"channels":[],"connection":"1"}', /^connected\/connection: expected an integer, found "1"$/],
    ['{"channels":[],"connection":1.5}', /^connected\/connection: expected an integer, found 1.5$/],
    ['{"channels":[],"connection":1,"reason":{"a":1}}', /^connected\/reason: expected a text, found an object of a$/],
  ];
  for (const [payload, message] of cases) assert.throws(() => decode('connected', payload), message);
});

test.run();
