import type { EventFrame } from './frame.ts';

/** A frame with the time at which it was received, µs since the epoch. */
export interface ReceivedFrame {
  readonly frame: EventFrame;
  readonly receiveTimeUs: number;
}

/** The last frame that each stream gave to the log, by stream name. */
export type LastFrames = ReadonlyMap<string, EventFrame>;

/** The frames of a second socket while the first one still feeds the log. */
export interface Handover {
  push(received: ReceivedFrame, nowMs: number): void;
  /** True when the first socket has delivered everything that came before the second one's frames. */
  isJoined(last: LastFrames, nowMs: number): boolean;
  /** The kept frames which the first socket has not delivered. */
  release(last: LastFrames): ReceivedFrame[];
  size(): number;
}

/** A stream that is silent on the first socket never joins; after this long it is not waited for. */
const JOIN_TIMEOUT_MS = 5_000;

/**
 * Keeps the frames of an overlapping socket until the switch to it loses nothing and repeats nothing.
 *
 * Two sockets do not run in step: the new one's first diff may be ahead of the old one's last. Switching at once would
 * lose what lies between; so each stream waits until the old socket has reached the new one's first frame.
 */
export function createHandover(): Handover {
  const frames: ReceivedFrame[] = [];
  const firsts = new Map<string, { frame: EventFrame; atMs: number }>();

  return {
    push(received, nowMs) {
      frames.push(received);
      const { stream } = received.frame.topic;
      if (!firsts.has(stream)) firsts.set(stream, { frame: received.frame, atMs: nowMs });
    },
    isJoined(last, nowMs) {
      for (const [stream, { frame, atMs }] of firsts) {
        if (nowMs - atMs > JOIN_TIMEOUT_MS) continue;
        const reached = last.get(stream)?.facts.sequence;
        if (reached === undefined || reached < (frame.facts.predecessor ?? frame.facts.sequence)) return false;
      }
      return true;
    },
    release(last) {
      return frames.filter(({ frame }) => {
        const delivered = last.get(frame.topic.stream);
        if (delivered === undefined || frame.facts.sequence > delivered.facts.sequence) return true;
        // Two klines can share an event time: the old one's last update and the new one's first.
        const isSameTime = frame.facts.predecessor === undefined && frame.facts.sequence === delivered.facts.sequence;
        return isSameTime && frame.payload !== delivered.payload;
      });
    },
    size: () => frames.length,
  };
}
