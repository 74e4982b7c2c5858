import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAlgoAnswer, readAlgoUpdate } from '../../../../services/trader/live/algo-answers.ts';
import { parseExact } from '../../../../services/trader/live/exact-json.ts';

// As Binance sent it on 2025-12-11 [nautilus_trader #3287].
const TRIGGERED =
  '{"e":"ALGO_UPDATE","T":1765431097030,"E":1765431097037,"o":{"caid":"O-20251211-053131-ZYWR-000-9","aid":1000000033225453,"at":"CONDITIONAL","o":"STOP_MARKET","s":"DOGEUSDT","S":"BUY","ps":"BOTH","f":"GTC","q":"38","X":"TRIGGERED","ai":"88937381063","ap":"0","aq":"0","act":"MARKET","tp":"0.13855","p":"0","V":"EXPIRE_MAKER","wt":"CONTRACT_PRICE","pm":"NONE","cp":false,"pP":false,"R":false,"tt":1765431097019,"gtd":0}}';
const QUERIED =
  '{"algoId":2146760,"clientAlgoId":"don-a-1","algoType":"CONDITIONAL","algoStatus":"CANCELED","actualOrderId":"","actualPrice":"0.00000","updateTime":1750514545091}';

test('an update names the order that it has become', () => {
  assert.equal(readAlgoUpdate(parseExact(TRIGGERED)), {
    symbol: 'DOGEUSDT',
    clientAlgoId: 'O-20251211-053131-ZYWR-000-9',
    exchangeId: '1000000033225453',
    state: 'triggered',
    actualId: '88937381063',
    timeMs: 1765431097030,
    reason: '',
  });
});

test('each state in which one can be, and what is none', () => {
  const states = { NEW: 'waits', TRIGGERING: 'triggered', FINISHED: 'triggered', EXPIRED: 'EXPIRED' } as const;
  for (const [status, state] of Object.entries(states))
    assert.is(readAlgoAnswer(parseExact(QUERIED.replace('CANCELED', status))).state, state);
  const { state, actualId } = readAlgoAnswer(parseExact(QUERIED));
  assert.equal([state, actualId], ['CANCELED', null]);
  assert.throws(
    () => readAlgoAnswer(parseExact(QUERIED.replace('CANCELED', 'ODD'))),
    /expected one of NEW, .*, found ODD/,
  );
});

test('an order’s number beyond 2^53 stays what it is', () => {
  const long = parseExact(TRIGGERED.replace('"88937381063"', '8389766145050669870'));
  assert.is(readAlgoUpdate(long).actualId, '8389766145050669870');
});

test.run();
