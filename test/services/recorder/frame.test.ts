import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FRAME_CHARACTERS_MAX, openFrame } from '../../../services/recorder/frame.ts';
import { topicsOf } from '../../../services/recorder/topics.ts';
import { parseInstrument } from '../../../streams/instrument.ts';

const test = suite('services/recorder/frame');

const topics = new Map(topicsOf([parseInstrument('simulated:BTCUSDT')], '100ms').map((topic) => [topic.stream, topic]));
const open = (stream: string, data: string) => openFrame(`{"stream":"${stream}","data":${data}}`, topics);

const DEPTH =
  '{"e":"depthUpdate","E":1790526538985,"T":1790526538980,"s":"BTCUSDT","U":1,"u":7,"pu":5,"b":[["1.50","0"]],"a":[]}';
const TRADE =
  '{"e":"aggTrade","E":1790526538985,"a":42,"s":"BTCUSDT","p":"84551.00","q":"1.10","f":1,"l":2,"T":1,"m":true}';
const FORCE = '{"e":"forceOrder","E":1790526538985,"o":{"s":"BTCUSDT","S":"SELL","q":"0.014"}}';

const reasonOf = (frame: ReturnType<typeof openFrame>) => ('reason' in frame ? frame.reason.split(':')[0] : frame.kind);

test('cuts the payload out without changing a character', () => {
  const frame = open('btcusdt@depth@100ms', DEPTH);
  assert.is(frame.kind === 'event' && frame.payload, DEPTH);
  assert.equal(frame.kind === 'event' && [frame.facts.sequence, frame.facts.predecessor], [7, 5]);
});

test('finds the payload wherever the wrapper has it', () => {
  const wrapped = [
    `{"data":${TRADE},"stream":"btcusdt@aggTrade"}`,
    `{ "stream" : "btcusdt@aggTrade" , "data" : ${TRADE} }`,
    `{"stream":"btcusdt@aggTrade","data":${TRADE},"new":1}`,
  ];
  // The last form begins like the common one; its payload must end where the value ends.
  for (const text of wrapped) {
    const frame = openFrame(text, topics);
    assert.is(frame.kind === 'event' ? frame.payload : reasonOf(frame), TRADE, text);
  }
});

test('knows an aggTrade by its id and the one before it', () => {
  const frame = open('btcusdt@aggTrade', TRADE);
  assert.equal(frame.kind === 'event' && [frame.facts.sequence, frame.facts.predecessor], [42, 41]);
});

test('finds the symbol of a liquidation inside its order', () => {
  assert.is(open('btcusdt@forceOrder', FORCE).kind, 'event');
  assert.is(reasonOf(open('btcusdt@forceOrder', FORCE.replace('BTCUSDT', 'ETHUSDT'))), 'wrong-symbol');
});

test('lets unknown fields pass', () => {
  assert.is(open('btcusdt@aggTrade', TRADE.replace('{', '{"st":1,"ps":{"deep":[1,{"e":"x"}]},')).kind, 'event');
});

test('refuses with the reason what must not enter the log', () => {
  const refused: [string, string, string][] = [
    ['btcusdt@depth@100ms', DEPTH.slice(0, -1), 'not-json'],
    ['btcusdt@depth@100ms', DEPTH.replace('"b"', 'b'), 'not-json'],
    ['btcusdt@depth@100ms', `${DEPTH}${DEPTH}`, 'not-json'],
    ['btcusdt@depth@100ms', DEPTH.replace('"pu":5,', ''), 'no-sequence'],
    ['btcusdt@depth@100ms', DEPTH.replace('"U":1,', ''), 'no-sequence'],
    ['btcusdt@depth@100ms', DEPTH.replace('"U":1', '"U":8'), 'wrong-sequence'],
    ['btcusdt@depth@100ms', DEPTH.replace('"u":7', '"u":"7"'), 'no-sequence'],
    ['btcusdt@aggTrade', TRADE.replace('"a":42', '"a":8389766145050669870'), 'no-sequence'],
    ['btcusdt@aggTrade', TRADE.replace('BTCUSDT', 'ETHUSDT'), 'wrong-symbol'],
    ['btcusdt@aggTrade', TRADE.replace('"s":"BTCUSDT",', ''), 'wrong-symbol'],
    ['btcusdt@aggTrade', TRADE.replace('"aggTrade"', '"trade"'), 'wrong-event'],
    ['btcusdt@aggTrade', '[1]', 'not-json'],
  ];
  for (const [stream, data, reason] of refused) {
    const frame = open(stream, data);
    assert.equal([frame.kind, reasonOf(frame)], ['refused', reason], data);
  }
});

test('refuses truncated, concatenated and oversized frames', () => {
  const text = `{"stream":"btcusdt@aggTrade","data":${TRADE}}`;
  for (let length = 1; length < text.length; length++)
    assert.is(openFrame(text.slice(0, length), topics).kind, 'refused', `${length} characters`);
  for (const tail of [text, 'x', '}', ',']) assert.is(openFrame(text + tail, topics).kind, 'refused', tail);
  for (const tail of ['x', ',', ']']) assert.is(openFrame(text.slice(0, -1) + tail, topics).kind, 'refused', tail);
  const broken = openFrame(text.slice(0, -9), topics);
  assert.is(broken.kind === 'refused' && broken.topic?.channel, 'aggTrade', 'a broken frame still names its channel');
  assert.is(reasonOf(openFrame(' '.repeat(FRAME_CHARACTERS_MAX + 1), topics)), 'too-large');
});

test('tells answers and foreign streams from events', () => {
  assert.is(openFrame('{"result":null,"id":1}', topics).kind, 'answer');
  assert.is(openFrame('{"id":1,"error":{"code":2,"msg":"x"}}', topics).kind, 'answer');
  assert.is(open('ethusdt@aggTrade', TRADE).kind, 'ignored');
});

test('knows a symbol that is not ASCII', () => {
  const own = new Map(
    topicsOf([parseInstrument('binance-usdm:测试USDT')], '100ms').map((topic) => [topic.stream, topic]),
  );
  const payload = TRADE.replace('BTCUSDT', '测试USDT');
  assert.is(openFrame(`{"stream":"测试usdt@aggTrade","data":${payload}}`, own).kind, 'event');
  const escaped = payload.replace('测试', '\\u6d4b\\u8bd5');
  assert.is(openFrame(`{"stream":"\\u6d4b\\u8bd5usdt@aggTrade","data":${escaped}}`, own).kind, 'event');
});

test.run();
