import { endOfObject, stringAt } from '../recorder/json-text.ts';

/** A frame without its wrapper `{"stream":…,"data":…}`, which bare payloads do not have. */
export interface Wrapper {
  readonly stream: string | undefined;
  /** Where the payload lies; −1: the wrapper has none. */
  readonly dataStart: number;
  readonly dataEnd: number;
}

const COMMON_START = '{"stream":"';
const COMMON_MIDDLE = '","data":';

/** Undefined where it is no JSON object; in the common form, only reading the payload will tell. */
export function openWrapper(text: string, start: number): Wrapper | undefined {
  let stop = text.length;
  while (stop > start && text.charCodeAt(stop - 1) <= 0x20) stop--;
  if (text[start] === '[') return { stream: undefined, dataStart: start, dataEnd: stop };
  if (text.startsWith(COMMON_START, start) && text[stop - 1] === '}') {
    const nameStart = start + COMMON_START.length;
    const nameEnd = text.indexOf('"', nameStart);
    if (nameEnd > 0 && text.startsWith(COMMON_MIDDLE, nameEnd))
      return {
        stream: utf8(stringAt(text, nameStart, nameEnd)),
        dataStart: nameEnd + COMMON_MIDDLE.length,
        dataEnd: stop - 1,
      };
  }
  let stream: string | undefined;
  let dataStart = -1;
  let dataEnd = -1;
  const end = endOfObject(text, start, (keyStart, keyEnd, valueStart, valueEnd) => {
    const key = text.slice(keyStart, keyEnd);
    if (key === 'stream' && text[valueStart] === '"') stream = utf8(stringAt(text, valueStart + 1, valueEnd - 1));
    if (key === 'data') {
      dataStart = valueStart;
      dataEnd = valueEnd;
    }
  });
  if (end !== stop) return undefined;
  const isBare = stream === undefined && dataStart < 0;
  return isBare ? { stream: undefined, dataStart: start, dataEnd: stop } : { stream, dataStart, dataEnd };
}

/** Stream name at the start of a frame that is cut off behind it. */
export function streamAtStart(text: string, start: number): string | undefined {
  if (!text.startsWith(COMMON_START, start)) return undefined;
  const end = text.indexOf('"', start + COMMON_START.length);
  return end < 0 ? undefined : utf8(text.slice(start + COMMON_START.length, end));
}

/** `btcusdt@depth@100ms` → `BTCUSDT`; undefined for streams of all symbols (`!forceOrder@arr`). */
export function symbolIn(stream: string | undefined): string | undefined {
  if (stream === undefined) return undefined;
  const at = stream.indexOf('@');
  return stream.startsWith('!') || at < 0 ? undefined : stream.slice(0, at).toUpperCase();
}

function utf8(text: string): string {
  return Buffer.from(text, 'latin1').toString();
}
