import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BadInput } from '../../../../infra/setup-error.ts';
import { answeredBody, type Outcome } from '../../../../services/trader/live/exchange.ts';
import { NoAnswer } from '../../../../services/trader/live/no-answer.ts';
import { answer, LOST } from './fake-exchange.ts';

const thrown = (outcome: Outcome): unknown => {
  try {
    return answeredBody('time', outcome);
  } catch (error) {
    return error;
  }
};

test('what the exchange refuses is refused; what it was too late for, or did not answer, may be asked again', () => {
  assert.equal(thrown(answer({ serverTime: 1 })), { serverTime: 1 });
  const refused = thrown({ type: 'refused', code: -2015, message: 'Invalid API-key' });
  assert.instance(refused, BadInput);
  assert.is((refused as Error).message, 'time: the exchange answered -2015 Invalid API-key');
  const late = thrown({ type: 'refused', code: -1021, message: 'outside of the recvWindow' });
  assert.instance(late, NoAnswer);
  assert.is((late as Error).message, 'time: the exchange answered -1021 outside of the recvWindow');
  const lost = thrown(LOST);
  assert.instance(lost, NoAnswer);
  assert.is((lost as Error).message, 'time: the exchange does not answer: ECONNRESET');
});

test.run();
