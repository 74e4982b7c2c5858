import { type DefaultLogger, WebsocketClient } from 'binance';
import type { Log } from '../../infra/service.ts';
import type { Topic } from './topics.ts';

/** Why a connection ended. */
export type DownReason =
  | 'closed-by-venue'
  | 'connect-failed'
  | 'half-open'
  | 'subscribe-refused'
  | 'subscribe-unanswered'
  | 'renewed'
  | 'stopped';

/** One WebSocket of the venue, from its opening to its end; it is never opened again. */
export interface Connection {
  /** Ends it at once; no listener is called any more. */
  close(): void;
}

export interface ConnectionOptions {
  /** Undefined: Binance's own address. */
  readonly wsUrl: string | undefined;
  readonly testnet: boolean;
  /** All of one route. */
  readonly topics: readonly Topic[];
  /** A socket on which nothing arrives for this long, not even a pong, is half open. */
  readonly halfOpenAfterMs: number;
  readonly log: Log;
}

export interface ConnectionListener {
  /** Every subscription was acknowledged. */
  readonly onReady: () => void;
  /** A text frame; gives back false where it is not an event but for the SDK to handle. */
  readonly onText: (text: string) => boolean;
  /** A frame of bytes or of no text at all, which the SDK does not hand to its parser. */
  readonly onUnreadable: (reason: string) => void;
  /** The venue announces that it will close the socket soon. */
  readonly onShutdownNotice: () => void;
  /** Called once, however it ended, except after `close`. */
  readonly onDown: (reason: DownReason) => void;
}

/** The SDK reconnects after a constant delay without jitter or limit; Don never lets its timer come due. */
const NEVER_MS = 2_147_483_647;
const HANDSHAKE_TIMEOUT_MS = 5_000;
const ACK_TIMEOUT_MS = 5_000;
/** Liveness is counted in ticks, not in time: after a stall of our own event loop only one tick has passed. */
const TICK_MS = 500;
/** A quiet socket is pinged after this many ticks without a frame, and again each so many. */
const PING_TICKS = 2;
/** The SDK passes a text on as a `message` when it has `e`; nobody listens, the frame is already handled. */
const HANDLED = { e: 'handled' };
/** Above openFrame's own limit, so that an oversized frame becomes a dead letter before it costs the connection. */
const FRAME_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Opens one socket through the SDK's WebsocketClient, pointed by `wsUrl` alone.
 *
 * A client is made for each socket: its state machine is then only ever used on the way up, and how it ends is ours.
 */
export function openConnection(options: ConnectionOptions, listener: ConnectionListener): Connection {
  const { wsUrl, testnet, topics, halfOpenAfterMs, log } = options;
  const ticksMax = Math.ceil(halfOpenAfterMs / TICK_MS);
  const unanswered = new Set(topics.map((topic) => topic.stream));
  let isDown = false;
  let isReady = false;
  let silentTicks = 0;
  let ticks = 0;

  const client = new WebsocketClient(
    {
      ...(wsUrl === undefined ? {} : { wsUrl }),
      testnet,
      reconnectTimeout: NEVER_MS,
      customParseJSONFn: parse,
      wsOptions: { handshakeTimeout: HANDSHAKE_TIMEOUT_MS, perMessageDeflate: false, maxPayload: FRAME_BYTES_MAX },
    },
    createSdkLogger(log),
  );

  function parse(text: string): object {
    silentTicks = 0;
    if (isDown || listener.onText(text)) return HANDLED;
    const answer = JSON.parse(text) as object;
    if ('e' in answer && answer.e === 'serverShutdown') listener.onShutdownNotice();
    return answer;
  }

  let ping: (() => void) | undefined;
  const timer = setInterval(() => {
    ticks++;
    silentTicks++;
    const isOpening = ping === undefined;
    const isLate = ticks > (isOpening ? HANDSHAKE_TIMEOUT_MS : ACK_TIMEOUT_MS) / TICK_MS;
    if (!isReady && isLate) return end(isOpening ? 'connect-failed' : 'subscribe-unanswered');
    if (isOpening) return;
    if (silentTicks > ticksMax) return end('half-open');
    if (silentTicks % PING_TICKS === 0) ping?.();
  }, TICK_MS);

  function close(): void {
    if (isDown) return;
    isDown = true;
    clearInterval(timer);
    client.closeAll(true);
  }

  function end(reason: DownReason): void {
    if (isDown) return;
    close();
    listener.onDown(reason);
  }

  client.on('open', ({ ws }) => {
    silentTicks = 0;
    ticks = 0;
    ping = () => {
      if (ws.readyState === ws.OPEN) ws.ping();
    };
    ws.on('pong', () => {
      silentTicks = 0;
    });
    ws.on('ping', () => {
      silentTicks = 0;
    });
    ws.on('message', (data, isBinary) => {
      silentTicks = 0;
      if (isDown) return;
      if (isBinary) listener.onUnreadable('binary');
      else if ('length' in data && data.length === 0) listener.onUnreadable('empty');
    });
  });
  client.on('response', (answer) => {
    // parseWsError sends socket errors here too; only an acknowledgement has the request that it answers.
    const acknowledged: unknown = answer?.request?.params;
    if (!Array.isArray(acknowledged)) return;
    for (const stream of acknowledged) unanswered.delete(stream);
    if (unanswered.size > 0 || isReady || isDown) return;
    isReady = true;
    listener.onReady();
  });
  client.on('exception', (problem) => {
    if (isDown) return;
    if (problem?.error !== undefined && problem?.id !== undefined) {
      log('error', `the venue refused a subscription: ${JSON.stringify(problem.error)}`);
      end('subscribe-refused');
    }
  });
  client.on('reconnecting', () => end(ping === undefined ? 'connect-failed' : 'closed-by-venue'));
  client.on('close', () => end('closed-by-venue'));

  client
    .subscribe(
      topics.map((topic) => topic.stream),
      topics[0]?.route === 'public' ? 'usdmPublic' : 'usdmMarket',
    )
    .catch(() => end('connect-failed'));
  return { close };
}

/** The SDK's logger writes to the console; its lines go where ours go. */
function createSdkLogger(log: Log): typeof DefaultLogger {
  const text = (parts: unknown[]) => parts.filter((part) => typeof part === 'string').join(' ');
  return {
    trace: () => undefined,
    info: () => undefined,
    error: (...parts: unknown[]) => log('error', `binance SDK: ${text(parts).slice(0, 300)}`),
  };
}
