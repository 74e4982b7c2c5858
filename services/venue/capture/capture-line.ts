/** One line of a recording: when it was received, and the frame's text byte for byte. */
export interface CaptureLine {
  /** µs since the epoch. */
  readonly receiveTimeUs: number;
  readonly text: string;
}

const LINE = /^(\d{13}|\d{16}|\d{19}) (.+)$/;
const WRAPPER = /^\{\s*"stream"\s*:\s*"([^"]+)"\s*,\s*"data"\s*:\s*/;

/** `<receive time> <JSON>`, the time in ms, µs or ns by its 13, 16 or 19 digits; undefined for anything else. */
export function parseLine(line: string): CaptureLine | undefined {
  const [, time, text] = LINE.exec(line) ?? [];
  if (time === undefined || text === undefined) return undefined;
  if (time.length === 13) return { receiveTimeUs: Number(time) * 1000, text };
  // The last three digits of nanoseconds are below what a double holds of them.
  return { receiveTimeUs: Number(time.slice(0, 16)), text };
}

/** What a frame is of: a stream's event, or an answer of `GET /depth`. A damaged event still belongs to its stream. */
export type CaptureFrame =
  | { readonly kind: 'event'; readonly stream: string; readonly payload: string }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'unknown' };

export function parseFrame(text: string): CaptureFrame {
  const wrapper = WRAPPER.exec(text);
  if (wrapper !== null) {
    const payload = text.endsWith('}') ? text.slice(wrapper[0].length, -1) : text.slice(wrapper[0].length);
    return { kind: 'event', stream: wrapper[1] as string, payload };
  }
  return /^\{\s*"lastUpdateId"/.test(text) ? { kind: 'snapshot' } : { kind: 'unknown' };
}

/** Symbol of a stream's name, upper case; undefined for streams of all symbols. */
export function symbolOf(stream: string): string | undefined {
  const symbol = /^([^!@][^@]*)@/.exec(stream)?.[1];
  return symbol?.toUpperCase();
}
