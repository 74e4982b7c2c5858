import { endOfObject, skipSpace, stringAt } from '../recorder/json-text.ts';
import type { InstrumentName } from './instrument-name.ts';
import { type LineReader, shown } from './line-sink.ts';

const ENTRY_ID = /^(\d{1,16}-\d{1,16}):(\d{1,9})$/;

/**
 * Reads lines of `don export raw`: `{"entry_id","symbol","recording","channel","receive_time","payload"}`. The events
 * keep their entries, so that the import of an export is the log that was exported.
 */
export function createOwnExportReader(wanted: InstrumentName): LineReader {
  return (line, sink) => {
    const text = line.toString('latin1');
    const members = new Map<string, readonly [start: number, end: number]>();
    const start = skipSpace(text, 0);
    const end = endOfObject(text, start, (keyStart, keyEnd, valueStart, valueEnd) => {
      members.set(text.slice(keyStart, keyEnd), [valueStart, valueEnd]);
    });
    if (end < 0 || skipSpace(text, end) !== text.length) {
      sink.refuse({ field: 'line', expected: 'a whole JSON object', found: shown(text.slice(-40)) });
      return;
    }
    const jsonOf = (key: string): string => text.slice(...(members.get(key) ?? [0, 0]));
    const textOf = (key: string): string => {
      const value = jsonOf(key);
      return value.startsWith('"') ? Buffer.from(stringAt(value, 1, value.length - 1), 'latin1').toString() : '';
    };
    const symbol = textOf('symbol');
    const channel = textOf('channel');
    const entry = ENTRY_ID.exec(textOf('entry_id'));
    const time = jsonOf('receive_time');
    const payload = members.get('payload');
    if (symbol !== '' && symbol !== wanted.instrument) sink.other(symbol);
    else if (symbol === '') sink.refuse({ channel, field: 'symbol', expected: wanted.instrument, found: 'nothing' });
    else if (!/^\w+$/.test(channel)) sink.refuse({ field: 'channel', expected: 'a channel', found: shown(channel) });
    else if (entry === null)
      sink.refuse({
        channel,
        field: 'entry_id',
        expected: 'such as 1723161255088-0:3',
        found: shown(jsonOf('entry_id')),
      });
    else if (!/^\d{15,16}$/.test(time))
      sink.refuse({ channel, field: 'receive_time', expected: 'a time in us', found: shown(time) });
    else if (payload === undefined) sink.refuse({ channel, field: 'payload', expected: 'a payload', found: 'nothing' });
    else sink.event(channel, line.subarray(...payload), Number(time), entry[1]);
  };
}
