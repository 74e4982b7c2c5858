import type { FrameFaults } from '../faults/frame-faults.ts';
import type { FrameSink } from '../market-source.ts';
import { type Connection, write } from './connection.ts';
import { classOf } from './path-class.ts';

/** More than this unread by one client is a congestion. */
const CONGESTED_BYTES = 1024 * 1024;

/** What has happened to the frames of one stream. */
export interface StreamTally {
  /** Frames made while somebody was subscribed. */
  made: number;
  /** Messages written, faults included, whatever the number of connections that got them. */
  sent: number;
  /** The last payload sent. */
  lastPayload: string;
}

/** Hears of every message that was written to at least one connection. */
export type DeliveryListener = (stream: string, payload: string, connections: readonly Connection[]) => void;

/** Subscriptions, and the way of a frame from the market through the faults to the sockets. */
export interface Delivery extends FrameSink {
  readonly subscribe: (target: Connection, stream: string) => void;
  readonly unsubscribe: (target: Connection, stream: string) => void;
  readonly forget: (target: Connection) => void;
  readonly tallies: ReadonlyMap<string, StreamTally>;
  /** An event of a user data stream; faults know it as `userData@ORDER_TRADE_UPDATE`. */
  readonly sendUserData: (listenKey: string, event: string, payload: string) => void;
  /** Bypasses the faults; returns the number of connections reached. */
  readonly emit: (stream: string, payload: string) => number;
  onDelivered: DeliveryListener | undefined;
}

export function delivery(faults: FrameFaults): Delivery {
  const subscribers = new Map<string, Set<Connection>>();
  const tallies = new Map<string, StreamTally>();

  const tally = (stream: string): StreamTally => {
    let found = tallies.get(stream);
    if (found === undefined) {
      found = { made: 0, sent: 0, lastPayload: '' };
      tallies.set(stream, found);
    }
    return found;
  };

  const deliver = (
    stream: string,
    payload: string,
    mangle?: (frame: string) => string | Buffer,
    combinedFrame?: string,
    event?: string,
  ): number => {
    const targets = subscribers.get(stream);
    if (targets === undefined) return 0;
    const reached: Connection[] = [];
    let combined: string | undefined = combinedFrame;
    for (const target of targets) {
      if (target.isHalfOpen || (event !== undefined && !isWanted(target, event))) continue;
      combined ??= `{"stream":"${stream}","data":${payload}}`;
      const frame = target.isCombined ? combined : payload;
      write(target, mangle === undefined ? frame : mangle(frame));
      target.framesSent++;
      reached.push(target);
    }
    if (reached.length === 0) return 0;
    const counts = tally(stream);
    counts.sent++;
    counts.lastPayload = payload;
    self.onDelivered?.(stream, payload, reached);
    return reached.length;
  };

  const pass = (stream: string, payload: string, combinedFrame?: string, event?: string): void => {
    if (!subscribers.has(stream)) return;
    tally(stream).made++;
    if (!faults.isActive()) {
      deliver(stream, payload, undefined, combinedFrame, event);
      return;
    }
    for (const outcome of faults.apply(event === undefined ? stream : `userData@${event}`, payload)) {
      const frame = outcome.payload === payload ? combinedFrame : undefined;
      const send = (): number => deliver(stream, outcome.payload, outcome.mangle, frame, event);
      if (outcome.delayMs === 0) send();
      else setTimeout(send, outcome.delayMs).unref();
    }
  };

  const self: Delivery = {
    wants: (stream) => subscribers.has(stream),
    send: (stream, payload) => pass(stream, payload),
    sendFrame: (stream, frame) => {
      const start = frame.indexOf('"data":');
      pass(stream, start < 0 ? frame : frame.slice(start + 7, frame.endsWith('}') ? -1 : undefined), frame);
    },
    sendUserData: (listenKey, event, payload) => pass(listenKey, payload, undefined, event),
    isCongested: () => {
      for (const targets of subscribers.values()) {
        for (const { socket } of targets) if (socket.bufferedAmount > CONGESTED_BYTES) return true;
      }
      return false;
    },
    emit: (stream, payload) => deliver(stream, payload),
    subscribe: (target, stream) => {
      target.streams.add(stream);
      // A stream on the wrong path is acknowledged and then silent, as on Binance.
      if (classOf(stream) !== target.path) return;
      let targets = subscribers.get(stream);
      if (targets === undefined) {
        targets = new Set();
        subscribers.set(stream, targets);
      }
      targets.add(target);
    },
    unsubscribe: (target, stream) => {
      target.streams.delete(stream);
      const targets = subscribers.get(stream);
      targets?.delete(target);
      if (targets?.size === 0) subscribers.delete(stream);
    },
    forget: (target) => {
      for (const stream of [...target.streams]) self.unsubscribe(target, stream);
    },
    tallies,
    onDelivered: undefined,
  };
  return self;
}

function isWanted({ events }: Connection, event: string): boolean {
  return events.length === 0 || events.includes(event);
}
