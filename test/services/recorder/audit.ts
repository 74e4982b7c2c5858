import * as assert from 'uvu/assert';
import type { SentFrame } from '../../../services/venue/control/recording.ts';
import type { LoggedGap, LoggedText } from './log-events.ts';

/** Streams of the venue by the channel that their frames have in the log. */
const CHANNEL_OF: Readonly<Record<string, string>> = {
  'depth@100ms': 'depth',
  bookTicker: 'bookTicker',
  aggTrade: 'aggTrade',
  kline_1m: 'kline_1m',
  'markPrice@1s': 'markPrice',
  forceOrder: 'forceOrder',
};

export interface Audit {
  /** Frames of the channel that the venue sent and the log does not hold; none after the log's last is counted. */
  readonly missing: Readonly<Record<string, number>>;
  readonly gaps: readonly LoggedGap[];
  /** Events by channel. */
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Compares what the venue sent with what the log holds, byte for byte: nothing is in the log that was not sent, nothing
 * twice, nothing out of order, and in front of the event behind each hole there is a gap of that channel.
 * Refilled trades have texts of their own; they are known by their ids.
 */
export function auditLog(sent: readonly SentFrame[], events: readonly LoggedText[], symbol: string): Audit {
  const missing: Record<string, number> = {};
  const counts: Record<string, number> = {};
  for (const { channel } of events) counts[channel] = (counts[channel] ?? 0) + 1;
  for (const [suffix, channel] of Object.entries(CHANNEL_OF)) {
    const stream = `${symbol.toLowerCase()}@${suffix}`;
    const texts = sent.filter((frame) => frame.stream === stream).map((frame) => frame.payload);
    missing[channel] = channel === 'aggTrade' ? auditTrades(texts, events) : auditTexts(channel, unique(texts), events);
  }
  auditDepthChain(events);
  const gaps = events.filter((event) => event.channel === 'gap').map(({ payload }) => JSON.parse(payload) as LoggedGap);
  return { missing, gaps, counts };
}

/** A frame that the venue sent twice is one fact. */
const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

function auditTexts(channel: string, sent: readonly string[], events: readonly LoggedText[]): number {
  const placeOf = new Map(sent.map((text, place) => [text, place]));
  const seen = new Set<string>();
  let next: number | undefined;
  let missing = 0;
  let hasGap = false;
  for (const event of events) {
    if (isGapOf(event, channel)) hasGap = true;
    if (event.channel !== channel) continue;
    const place = placeOf.get(event.payload);
    assert.ok(place !== undefined, `${channel}: the venue never sent ${event.payload.slice(0, 120)}`);
    assert.not(seen.has(event.payload), `${channel}: in the log twice: ${event.payload.slice(0, 120)}`);
    seen.add(event.payload);
    if (next !== undefined) {
      assert.ok(place >= next, `${channel}: out of order: ${event.payload.slice(0, 120)}`);
      // Where diffs came swapped, the gap is in front of the first that came: the chain says where, see below.
      assert.ok(
        place === next || hasGap || channel === 'depth',
        `${channel}: ${place - next} missing without a gap before ${event.payload.slice(0, 120)}`,
      );
      missing += place - next;
    }
    next = place + 1;
    hasGap = false;
  }
  return missing;
}

const idOf = (text: string, key: string): number => Number(new RegExp(`"${key}":(\\d+)`).exec(text)?.[1]);

function auditTrades(sent: readonly string[], events: readonly LoggedText[]): number {
  const sentTexts = new Map(sent.map((text) => [idOf(text, 'a'), text]));
  let last: number | undefined;
  let missing = 0;
  let hasGap = false;
  for (const event of events) {
    if (isGapOf(event, 'aggTrade')) hasGap = true;
    if (event.channel !== 'aggTrade') continue;
    const id = idOf(event.payload, 'a');
    const isLive = event.payload.includes('"e":"aggTrade"');
    if (isLive) assert.is(event.payload, sentTexts.get(id), 'a live trade has the bytes that were sent');
    if (last !== undefined) {
      assert.ok(id > last, `aggTrade: ${id} after ${last}`);
      assert.ok(id === last + 1 || hasGap, `aggTrade: ${id} after ${last} without a gap`);
      missing += id - last - 1;
    }
    last = id;
    hasGap = false;
  }
  return missing;
}

/** A gap stands exactly where the chain of update ids is broken. */
function auditDepthChain(events: readonly LoggedText[]): void {
  let last: number | undefined;
  let gaps = 0;
  for (const event of events) {
    if (isGapOf(event, 'depth')) gaps++;
    if (event.channel !== 'depth') continue;
    const isBroken = last !== undefined && idOf(event.payload, 'pu') !== last;
    assert.is(gaps > 0, isBroken, `depth: ${gaps} gaps before ${event.payload.slice(0, 120)}, last u ${last}`);
    assert.ok(gaps <= 1, 'depth: one gap for one hole');
    last = idOf(event.payload, 'u');
    gaps = 0;
  }
}

function isGapOf(event: LoggedText, channel: string): boolean {
  return event.channel === 'gap' && event.payload.includes(`"channel":"${channel}"`);
}

/** After each gap of the depth channel, and after the first diff, there is a snapshot that a book can start from. */
export function assertBooksStart(events: readonly LoggedText[]): void {
  assert.ok(doBooksStart(events), 'the last break of the diffs is mended by a snapshot');
}

export function doBooksStart(events: readonly LoggedText[]): boolean {
  let needs: number | undefined = 0;
  for (const { channel, payload } of events) {
    if (channel === 'gap' && payload.includes('"channel":"depth"'))
      needs = Number((JSON.parse(payload) as LoggedGap).found);
    if (channel !== 'depthSnapshot' || needs === undefined) continue;
    if (idOf(payload, 'lastUpdateId') >= needs) needs = undefined;
  }
  return needs === undefined;
}
