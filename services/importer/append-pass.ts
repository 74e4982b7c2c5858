import type { Redis } from 'ioredis';
import { createAppender } from '../../streams/append.ts';
import type { EventToAppend } from '../../streams/entry.ts';
import { sequenceRule } from '../../streams/instrument.ts';
import { sequenceKind } from '../../streams/sequence.ts';
import { type AppendTally, createAppendTally } from './append-tally.ts';
import { createCandleGaps } from './candle-gaps.ts';
import { openContent } from './content.ts';
import { createDeadLines } from './dead-lines.ts';
import { createEntryBuilder, type ImportEntry } from './entries.ts';
import { createEntrySender } from './entry-sender.ts';
import type { RecognisedFormat } from './formats.ts';
import type { Fault, LineSink } from './line-sink.ts';
import { readLines } from './lines.ts';
import { isBlank, type Survey } from './survey.ts';

export interface AppendPass {
  readonly redis: Redis;
  readonly file: string;
  readonly instrument: string;
  readonly recording: string;
  readonly format: RecognisedFormat;
  readonly survey: Survey;
  /** Payload of the `instrument` event to begin with; undefined where the file has its own. */
  readonly instrumentInfo: string | undefined;
  readonly onProgress: (bytes: number, bytesTotal: number, events: number) => void;
}

/**
 * Reads the file a second time and appends what the survey lets through; what it does not becomes dead letters.
 * @throws where Redis refuses or is lost; the recording is then unusable and must be begun anew
 */
export async function appendEvents(pass: AppendPass): Promise<AppendTally> {
  const { redis, file, instrument, recording, survey } = pass;
  const tally = createAppendTally();
  const deadLines = createDeadLines(redis, instrument, recording);
  const sender = createEntrySender(redis, createAppender({ redis, instrument, recording }), ({ events }, report) =>
    tally.count(events, report),
  );
  const entries: ImportEntry[] = [];
  const builder = createEntryBuilder((entry) => entries.push(entry));
  const marked = createMarkedEvents(pass, builder.add);
  let ordinal = 0;
  let lineNumber = 0;
  let line: Buffer = Buffer.alloc(0);

  function refuse(fault: Fault): void {
    deadLines.add(lineNumber, line, marked.lastTimeUs(), fault);
    marked.lose(fault.channel);
  }
  function take(channel: string, payload: Buffer, timeUs: number, entryId?: string): void {
    const fault = survey.refusedEvents.get(ordinal++);
    if (fault === undefined) marked.add(channel, payload, timeUs, entryId);
    else refuse(fault);
  }
  const sink: LineSink = {
    event: take,
    anonymousSnapshot: (payload, timeUs) => take('depthSnapshot', payload, timeUs),
    other: () => {},
    unsupported: () => {},
    refuse,
  };

  if (pass.instrumentInfo !== undefined)
    builder.add({ channel: 'instrument', payload: pass.instrumentInfo, receiveTimeUs: survey.fromUs });
  const read = pass.format.createReader();
  const content = await openContent(file);
  for await (const batch of readLines(content.chunks)) {
    lineNumber = batch.firstLine - 1;
    for (line of batch.lines) {
      lineNumber++;
      if (!isBlank(line)) read(line, sink);
    }
    await sender.send(entries.splice(0));
    await deadLines.drain();
    pass.onProgress(content.bytesRead(), content.bytesTotal, marked.count());
  }
  marked.finish();
  builder.finish();
  await sender.send(entries.splice(0));
  await sender.settle();
  await deadLines.finish();
  return tally.result();
}

/** Puts gaps in front of events where the log itself could not see that some are missing. */
function createMarkedEvents(
  { instrument, format, survey }: AppendPass,
  put: (event: EventToAppend, entryId?: string) => void,
) {
  const rule = sequenceRule(instrument);
  const candleGaps = format.format === 'klines' ? createCandleGaps() : undefined;
  const lost = new Set<string>();
  let lastTimeUs = survey.fromUs;
  let count = 0;

  function putGap(
    channel: string,
    expected: string | null,
    found: string | null,
    reason: string,
    entryId?: string,
  ): void {
    const payload = JSON.stringify({ channel, expected, found, reason });
    put({ channel: 'gap', payload, receiveTimeUs: lastTimeUs }, entryId);
  }
  function putLost(entryId?: string): void {
    for (const channel of lost) putGap(channel, null, null, 'dead-letter', entryId);
    lost.clear();
  }

  return {
    /** @param timeUs NaN: the time of the event before */
    add(channel: string, payload: Buffer, timeUs: number, entryId?: string): void {
      if (!Number.isNaN(timeUs)) lastTimeUs = timeUs;
      const event = { channel, payload, receiveTimeUs: lastTimeUs };
      putLost(entryId);
      const hole = candleGaps?.before(event);
      if (hole !== undefined) putGap(channel, hole.expected, hole.found, 'sequence', entryId);
      put(event, entryId);
      count++;
    },
    /** An event of the channel was refused. A chained channel shows that by itself, with its next event. */
    lose(channel: string | undefined): void {
      if (channel === undefined) return;
      const kind = sequenceKind(channel, rule);
      if (kind !== 'time' && kind !== 'ascending') return;
      candleGaps?.forget(channel);
      lost.add(channel);
    },
    finish: () => putLost(),
    lastTimeUs: () => lastTimeUs,
    count: () => count,
  };
}
