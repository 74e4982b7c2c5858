import { skipSpace } from '../recorder/json-text.ts';
import { createPayloadReader } from './frame-reader.ts';
import type { InstrumentName, Market } from './instrument-name.ts';
import { type LineReader, shown } from './line-sink.ts';
import { microsOf } from './times.ts';

const ANSWER = /^(https?:\/\/\S+) -> (\S+): /;

const MARKET_OF_HOST: Readonly<Record<string, Market>> = { fapi: 'usdm', dapi: 'coinm', api: 'spot' };

/** Reads lines of `<REST address> -> <receive time, s>: <answer>`. */
export function createRestAnswerReader(wanted: InstrumentName): LineReader {
  const payloads = createPayloadReader(wanted);
  return (line, sink) => {
    const text = line.toString('latin1');
    const match = ANSWER.exec(text);
    if (match === null) {
      sink.refuse({ field: 'line', expected: 'a REST address, " -> ", a time and an answer', found: shown(text) });
      return;
    }
    const [head, address = '', time = ''] = match;
    const timeUs = microsOf(time, 's');
    if (Number.isNaN(timeUs)) {
      sink.refuse({ field: 'receive time', expected: 'a time in s', found: shown(time) });
      return;
    }
    const url = URL.parse(address);
    const symbol = url?.searchParams.get('symbol') ?? undefined;
    const market = MARKET_OF_HOST[url?.pathname.split('/')[1] ?? ''];
    payloads({ line, text, start: skipSpace(text, head.length), timeUs, symbol, market }, sink);
  };
}
