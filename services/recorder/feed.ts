import type { Log } from '../../infra/service.ts';
import { createAwakeClock } from './awake-clock.ts';
import { createBackoff } from './backoff.ts';
import { type Connection, type DownReason, openConnection } from './connection.ts';
import { type EventFrame, openFrame } from './frame.ts';
import { createHandover, type Handover } from './handover.ts';
import type { HandshakeBudget } from './handshake-budget.ts';
import type { FeedSettings } from './settings.ts';
import { createSilenceWatch } from './silence-watch.ts';
import type { Topic } from './topics.ts';

/** What a feed tells the recorder; all of it synchronously and in the order in which it happened. */
export interface FeedListener {
  /** @param endsSilence the channel had fallen silent on a living socket before this event */
  readonly onEvent: (frame: EventFrame, receiveTimeUs: number, endsSilence: boolean) => void;
  readonly onRefused: (topic: Topic | undefined, reason: string, text: string, receiveTimeUs: number) => void;
  readonly onIgnored: (reason: string) => void;
  /** Events of the topics now come from this connection. */
  readonly onUp: (topics: readonly Topic[], connection: number, isRenewal: boolean) => void;
  readonly onDown: (topics: readonly Topic[], connection: number, reason: DownReason) => void;
  readonly onSilent: (topic: Topic) => void;
}

export interface FeedContext {
  readonly settings: FeedSettings;
  readonly handshakes: HandshakeBudget;
  readonly receiveTimeUs: () => number;
  /** Numbers all connections of this recorder. */
  readonly nextConnection: () => number;
  readonly log: Log;
}

/** Keeps one connection's worth of topics flowing: reconnects, renews by overlap, watches each channel. */
export interface Feed {
  stop(): void;
  /** Replaces the socket by an overlapping one; nothing is lost or repeated. */
  renew(reason: string): void;
  readonly state: () => FeedState;
}

export interface FeedState {
  readonly route: string;
  readonly connection: number | undefined;
  readonly phase: 'connecting' | 'waiting' | 'live' | 'renewing' | 'stopped';
  readonly reconnects: number;
}

/** One socket and its number; `handover` is there while another one still feeds the log. */
interface Link {
  readonly number: number;
  readonly openedAtMs: number;
  socket?: Connection;
  isReady: boolean;
  handover: Handover | undefined;
}

const TICK_MS = 500;
/** An overlap lasts at least this long, so that every busy stream has shown its first frame on the new socket. */
const OVERLAP_MS_MIN = 1_000;
/** About a minute of a very busy connection; more means that the old socket is stuck. */
const HANDOVER_FRAMES_MAX = 50_000;
/** A connection that lived this long was a success: the next one is tried without delay. */
const STABLE_MS = 10_000;

export function startFeed(topics: readonly Topic[], context: FeedContext, listener: FeedListener): Feed {
  const { settings, handshakes, log } = context;
  const topicOf = new Map(topics.map((topic) => [topic.stream, topic]));
  const silence = createSilenceWatch({
    topics,
    limitsOf: settings.silence,
    renewal: settings.renewal,
    onSilent: listener.onSilent,
  });
  const last = new Map<string, EventFrame>();
  const reconnectBackoff = createBackoff(settings.reconnect);
  const renewalBackoff = createBackoff(settings.renewal);
  let active: Link | undefined;
  let standby: Link | undefined;
  let isStopped = false;
  let reconnects = 0;
  let connectTimer: NodeJS.Timeout | undefined;
  let renewForAgeAtMs = Number.POSITIVE_INFINITY;
  const now = createAwakeClock(2 * TICK_MS);

  function open(link: Link): void {
    link.socket = openConnection(
      { ...settings.venue, topics, halfOpenAfterMs: settings.halfOpenAfterMs, log },
      {
        onText: (text) => onText(link, text),
        onUnreadable: (reason) => listener.onRefused(undefined, reason, '', context.receiveTimeUs()),
        onReady: () => onReady(link),
        onShutdownNotice: () => renew('the venue announced that it will close the connection'),
        onDown: (reason) => onDown(link, reason),
      },
    );
  }

  /** Opens a link as soon as the handshake budget allows. */
  function connect(isRenewal: boolean, delayMs: number): void {
    clearTimeout(connectTimer);
    connectTimer = setTimeout(() => {
      const waitMs = handshakes.take();
      if (waitMs > 0) {
        log('warn', `handshake budget spent: next attempt in ${Math.ceil(waitMs / 1_000)} s`);
        return connect(isRenewal, waitMs);
      }
      const link: Link = {
        number: context.nextConnection(),
        openedAtMs: now(),
        isReady: false,
        handover: isRenewal ? createHandover() : undefined,
      };
      if (isRenewal) standby = link;
      else active = link;
      open(link);
    }, delayMs);
  }

  function onReady(link: Link): void {
    link.isReady = true;
    if (link.handover === undefined) goLive(link, false);
  }

  function goLive(link: Link, isRenewal: boolean): void {
    const lifetimeMs = settings.renewAfterMs * (1 - 0.05 * Math.random());
    renewForAgeAtMs = link.openedAtMs + lifetimeMs;
    renewalBackoff.reset();
    silence.start(now(), isRenewal);
    listener.onUp(topics, link.number, isRenewal);
  }

  /** Gives back false where the text is an answer for the SDK. */
  function onText(link: Link, text: string): boolean {
    const frame = openFrame(text, topicOf);
    if (frame.kind === 'answer') return false;
    const receiveTimeUs = context.receiveTimeUs();
    if (frame.kind === 'event') {
      if (link.handover === undefined) deliver(frame, receiveTimeUs);
      else link.handover.push({ frame, receiveTimeUs }, now());
    } else if (frame.kind === 'ignored') listener.onIgnored(frame.reason);
    else if (link.handover === undefined) listener.onRefused(frame.topic, frame.reason, text, receiveTimeUs);
    return true;
  }

  function deliver(frame: EventFrame, receiveTimeUs: number): void {
    const { stream } = frame.topic;
    last.set(stream, frame);
    listener.onEvent(frame, receiveTimeUs, silence.saw(stream, now()));
  }

  function onDown(link: Link, reason: DownReason): void {
    if (link === standby) {
      standby = undefined;
      renewForAgeAtMs = now() + renewalBackoff.next();
      log('warn', `connection ${link.number}: the renewal failed (${reason})`);
      return;
    }
    active = undefined;
    reconnects++;
    if (now() - link.openedAtMs > STABLE_MS) reconnectBackoff.reset();
    silence.stop();
    if (link.isReady) listener.onDown(topics, link.number, reason);
    if (isStopped) return;
    if (standby?.isReady) {
      takeOver(standby, undefined);
      return;
    }
    standby?.socket?.close();
    standby = undefined;
    const delayMs = reconnectBackoff.next();
    log('warn', `connection ${link.number} is down (${reason}): next attempt in ${Math.round(delayMs)} ms`);
    connect(false, delayMs);
  }

  /** Makes the standby link the one that feeds the log. */
  function takeOver(next: Link, previous: Link | undefined): void {
    const kept = next.handover?.release(last) ?? [];
    next.handover = undefined;
    standby = undefined;
    active = next;
    previous?.socket?.close();
    goLive(next, previous !== undefined);
    for (const { frame, receiveTimeUs } of kept) deliver(frame, receiveTimeUs);
    if (previous !== undefined) listener.onDown(topics, previous.number, 'renewed');
  }

  function renew(reason: string): void {
    if (isStopped || active === undefined || !active.isReady || standby !== undefined) return;
    renewForAgeAtMs = Number.POSITIVE_INFINITY;
    log('info', `connection ${active.number} is renewed: ${reason}`);
    connect(true, 0);
  }

  const timer = setInterval(() => {
    const nowMs = now();
    const isSilenceRenewalDue = silence.isRenewalDue(nowMs);
    if (standby !== undefined) tendHandover(standby, nowMs);
    else if (isSilenceRenewalDue) renew(`nothing comes on ${[...silence.silent].join(', ')}`);
    else if (nowMs >= renewForAgeAtMs) renew('its age');
  }, TICK_MS);

  function tendHandover(next: Link, nowMs: number): void {
    const handover = next.handover!;
    if (handover.size() > HANDOVER_FRAMES_MAX) {
      next.socket?.close();
      onDown(next, 'half-open');
      return;
    }
    const hasOverlapped = next.isReady && nowMs - next.openedAtMs > OVERLAP_MS_MIN;
    if (hasOverlapped && handover.isJoined(last, nowMs)) takeOver(next, active);
  }

  connect(false, 0);
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
      clearTimeout(connectTimer);
      active?.socket?.close();
      standby?.socket?.close();
      if (active?.isReady) listener.onDown(topics, active.number, 'stopped');
      active = undefined;
    },
    renew,
    state: () => ({
      route: topics[0]?.route ?? '',
      connection: active?.number,
      phase: isStopped
        ? 'stopped'
        : standby !== undefined
          ? 'renewing'
          : active?.isReady
            ? 'live'
            : active !== undefined
              ? 'connecting'
              : 'waiting',
      reconnects,
    }),
  };
}
