import { skipSpace } from '../recorder/json-text.ts';
import { openWrapper, streamAtStart, symbolIn } from './frame-wrapper.ts';
import { type InstrumentName, type Market, otherInstrument } from './instrument-name.ts';
import { type LineReader, type LineSink, shown } from './line-sink.ts';
import { channelOf, channelOfStream } from './payload-channel.ts';
import { elementsAt, identify, type PayloadIdentity } from './payload-identity.ts';
import { microsOf, type TimeUnit } from './times.ts';

/**
 * Reads lines of `<receive time> <JSON frame>`, or of frames alone: combined frames `{"stream":…,"data":…}`, bare
 * payloads, REST answers, and arrays of them.
 *
 * @param unit unit of the receive time; undefined where lines have none
 */
export function createFrameReader(wanted: InstrumentName, unit: TimeUnit | undefined): LineReader {
  const payloads = createPayloadReader(wanted);
  return (line, sink) => {
    const text = line.toString('latin1');
    if (unit === undefined) {
      payloads(
        { line, text, start: skipSpace(text, 0), timeUs: undefined, symbol: undefined, market: undefined },
        sink,
      );
      return;
    }
    const space = text.indexOf(' ');
    const time = space < 0 ? text : text.slice(0, space);
    const timeUs = microsOf(time, unit);
    if (Number.isNaN(timeUs)) sink.refuse({ field: 'receive time', expected: `a time in ${unit}`, found: shown(time) });
    else if (space < 0) sink.refuse({ field: 'frame', expected: 'a JSON frame', found: 'nothing' });
    else payloads({ line, text, start: skipSpace(text, space), timeUs, symbol: undefined, market: undefined }, sink);
  };
}

/** Where the JSON of a line begins, and what stands beside it in the line. */
interface JsonLine {
  readonly line: Buffer;
  /** The line with one character a byte. */
  readonly text: string;
  readonly start: number;
  /** Receive time; undefined: the payload's own time takes its place. */
  readonly timeUs: number | undefined;
  /** What a REST address says of an answer that does not name its instrument. */
  readonly symbol: string | undefined;
  readonly market: Market | undefined;
}

/** Reads the frame in a line: the wrapper if there is one, and each payload in it. */
export function createPayloadReader(wanted: InstrumentName): (json: JsonLine, sink: LineSink) => void {
  function readPayload(json: JsonLine, stream: string | undefined, start: number, end: number, sink: LineSink): void {
    const elements = json.text[start] === '[' ? elementsAt(json.text, start, end) : undefined;
    if (elements !== undefined) {
      for (const element of elements) readPayload(json, stream, element.start, element.end, sink);
      return;
    }
    const payload = identify(json.text, start, end);
    if (payload === undefined) refuseText(json, stream, sink);
    else if (isOurs(json, stream, payload, sink)) passOn(json, stream, payload, json.line.subarray(start, end), sink);
  }

  /** What the stream's name says counts first: a wrong symbol inside it is a fault, not another instrument. */
  function isOurs(json: JsonLine, stream: string | undefined, payload: PayloadIdentity, sink: LineSink): boolean {
    const owner = symbolIn(stream) ?? payload.symbol ?? json.symbol;
    const market = json.market ?? payload.market;
    const isSymbol = owner === undefined || owner === wanted.symbol;
    const isMarket = market === undefined || market === wanted.market;
    if (!isSymbol || !isMarket) sink.other(otherInstrument(wanted, market, owner ?? '(no symbol)'));
    return isSymbol && isMarket;
  }

  function passOn(
    json: JsonLine,
    stream: string | undefined,
    payload: PayloadIdentity,
    bytes: Buffer,
    sink: LineSink,
  ): void {
    const reading = channelOf(payload, stream);
    if (reading.kind === 'unsupported') sink.unsupported(reading.name);
    else if (reading.kind === 'fault') sink.refuse(reading.fault);
    else {
      const { channel } = reading;
      const timeUs = json.timeUs ?? payload.eventTimeMs * 1000;
      const symbol = payload.symbol ?? json.symbol;
      const lacksPredecessor = channel === 'depth' && wanted.market === 'usdm' && !payload.has('pu');
      if (symbol === undefined && channel === 'depthSnapshot') sink.anonymousSnapshot(bytes, timeUs);
      else if (symbol !== wanted.symbol)
        sink.refuse({ channel, field: 's', expected: wanted.symbol, found: shown(symbol) });
      else if (lacksPredecessor)
        sink.refuse({ channel, field: 'pu', expected: 'the update id of the event before', found: 'nothing' });
      else sink.event(channel, bytes, timeUs);
    }
  }

  function refuseText(json: JsonLine, stream: string | undefined, sink: LineSink): void {
    const symbol = symbolIn(stream);
    const isSymbol = symbol === undefined || symbol === wanted.symbol;
    if (!isSymbol) sink.other(otherInstrument(wanted, undefined, symbol));
    else {
      const found = ending(json.text.slice(json.start));
      sink.refuse({ channel: channelOfStream(stream), field: 'frame', expected: 'a whole JSON frame', found });
    }
  }

  return (json, sink) => {
    const frame = openWrapper(json.text, json.start);
    if (frame === undefined) refuseText(json, streamAtStart(json.text, json.start), sink);
    else if (frame.dataStart < 0)
      sink.refuse({ channel: channelOfStream(frame.stream), field: 'data', expected: 'a payload', found: 'nothing' });
    else readPayload(json, frame.stream, frame.dataStart, frame.dataEnd, sink);
  };
}

/** The end of a frame shows where it was cut off. */
function ending(frame: string): string {
  return frame.length <= 60 ? shown(frame) : `…${frame.slice(-40)} (${frame.length} characters)`;
}
