import { createHash } from 'node:crypto';
import { createAnonymousSnapshots } from './anonymous-snapshots.ts';
import { type Content, openContent } from './content.ts';
import type { RecognisedFormat } from './formats.ts';
import type { Fault, LineSink } from './line-sink.ts';
import { readLines } from './lines.ts';
import type { PayloadCheck } from './payload-check.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { createTimeOrder } from './time-order.ts';

/** All that must be known of a file before the first of its events can be appended. */
export interface Survey {
  /** SHA-256 of the unpacked content, in hex. */
  readonly contentHash: string;
  /** Lines that are not blank. */
  readonly lines: number;
  /** Events that can be imported, by channel. */
  readonly events: Readonly<Record<string, number>>;
  readonly otherInstrument: Readonly<Record<string, number>>;
  readonly unsupported: Readonly<Record<string, number>>;
  readonly refusals: Refusals;
  /** Events not to be imported: their number in the order in which the reader gives them → why. */
  readonly refusedEvents: ReadonlyMap<number, Fault>;
  /** Receive times of the first and last event, µs since the epoch. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Why the content is not whole; undefined where it is. */
  readonly cutShort: string | undefined;
}

interface SurveyedEvent {
  timeUs: number;
  readonly ordinal: number;
  readonly line: number;
  readonly channel: string;
}

/**
 * Reads a whole file without importing anything.
 * @param onProgress bytes read of the file as it lies on the disk
 */
export async function surveyFile(
  file: string,
  format: RecognisedFormat,
  payloads: PayloadCheck,
  onProgress: (bytes: number, bytesTotal: number) => void,
): Promise<Survey> {
  const events = new Map<string, number>();
  const others = new Map<string, number>();
  const unsupported = new Map<string, number>();
  const refusals = createRefusals();
  const refusedEvents = new Map<number, Fault>();
  const anonymous = createAnonymousSnapshots<SurveyedEvent>();
  let ordinal = 0;
  let lineNumber = 0;
  let lines = 0;
  let fromUs = Number.POSITIVE_INFINITY;
  let toUs = Number.NEGATIVE_INFINITY;

  function refuseEvent(event: SurveyedEvent, fault: Fault): void {
    refusedEvents.set(event.ordinal, fault);
    refusals.add(event.line, fault);
  }
  const order = createTimeOrder<SurveyedEvent>({
    accept({ channel, timeUs }) {
      events.set(channel, (events.get(channel) ?? 0) + 1);
      fromUs = Math.min(fromUs, timeUs);
      toUs = Math.max(toUs, timeUs);
    },
    refuse: (event, expected, found) =>
      refuseEvent(event, { channel: event.channel, field: 'receive time', expected, found }),
  });
  function take(channel: string, payload: Buffer, timeUs: number): SurveyedEvent {
    const event = { timeUs, ordinal: ordinal++, line: lineNumber, channel };
    const fault = payloads.check(channel, payload);
    if (fault === undefined) {
      anonymous.see(channel, payload);
      order.push(event);
    } else refuseEvent(event, fault);
    return event;
  }
  const sink: LineSink = {
    event: take,
    anonymousSnapshot: (payload, timeUs) => anonymous.add(take('depthSnapshot', payload, timeUs), payload),
    other: (instrument) => others.set(instrument, (others.get(instrument) ?? 0) + 1),
    unsupported: (kind) => unsupported.set(kind, (unsupported.get(kind) ?? 0) + 1),
    refuse: (fault) => refusals.add(lineNumber, fault),
  };

  const read = format.createReader();
  const hash = createHash('sha256');
  const content = await openContent(file);
  for await (const batch of readLines(hashed(content, hash))) {
    lineNumber = batch.firstLine - 1;
    for (const line of batch.lines) {
      lineNumber++;
      if (isBlank(line)) continue;
      lines++;
      read(line, sink);
    }
    onProgress(content.bytesRead(), content.bytesTotal);
  }
  order.finish();
  refuseAnonymous();

  function refuseAnonymous(): void {
    const ofOthers = [...others.values()].reduce((sum, count) => sum + count, 0);
    const ours = [...events.values()].reduce((sum, count) => sum + count, 0);
    for (const event of anonymous.doubtful(ofOthers / (ours + ofOthers))) {
      if (refusedEvents.has(event.ordinal)) continue;
      events.set('depthSnapshot', (events.get('depthSnapshot') ?? 0) - 1);
      const expected = 'a symbol or prices of the instrument, as the file has several';
      refuseEvent(event, { channel: 'depthSnapshot', field: 'symbol', expected, found: 'neither' });
    }
    if (events.get('depthSnapshot') === 0) events.delete('depthSnapshot');
  }

  return {
    contentHash: hash.digest('hex'),
    lines,
    events: Object.fromEntries(events),
    otherInstrument: Object.fromEntries([...others].sort((one, other) => other[1] - one[1])),
    unsupported: Object.fromEntries(unsupported),
    refusals: refusals.result(),
    refusedEvents,
    fromUs,
    toUs,
    cutShort: content.cutShort(),
  };
}

async function* hashed(content: Content, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of content.chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** True for a line of nothing but white space. */
export function isBlank(line: Buffer): boolean {
  for (let i = 0; i < line.length; i++) if (line[i]! > 0x20) return false;
  return true;
}
