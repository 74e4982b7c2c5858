import { type DefaultLogger, WebsocketClient } from 'binance';
import type { Log } from '../../../infra/service.ts';
import { createBackoff } from '../../recorder/backoff.ts';
import { parseExact } from './exact-json.ts';
import type { Exchange } from './exchange.ts';
import type { LiveAccess } from './live-keys.ts';

export interface UserStreamListener {
  /** Events are told from here on; what happened before is to be asked for. */
  readonly onUp: () => void;
  readonly onDown: () => void;
  readonly onEvent: (event: UserEvent) => void;
}

/** An event of the user data stream as Binance sends it; whole numbers beyond 2^53 are texts. */
export type UserEvent = Readonly<Record<string, unknown>> & { readonly e: string };

export interface UserStream {
  readonly isUp: boolean;
  close(): void;
}

/** The SDK reconnects by itself, and does not say when it is through; Don makes a client for each connection. */
const NEVER_MS = 2_147_483_647;
const OPENS_WITHIN_MS = 10_000;
/** A key lives for an hour from when it was last asked for. */
const KEEP_ALIVE_EVERY_MS = 25 * 60_000;
/** The SDK passes a text on as a `message` when it has `e`; nobody listens, it is handled already. */
const HANDLED = { e: 'handled' };
/** The SDK's own lines have keys in them. */
const SILENT = { trace: () => {}, info: () => {}, error: () => {} } as unknown as typeof DefaultLogger;

/**
 * Listens to what the exchange says of an account, through the `binance` SDK, until it is closed. The listen key's life is
 * kept here: the SDK's own would outlive the client, and reconnect one that was closed.
 */
export function openUserStream(
  { exchange, access }: { readonly exchange: Exchange; readonly access: LiveAccess },
  listener: UserStreamListener,
  log: Log,
): UserStream {
  const { wsUrl, testnet } = access;
  const backoff = createBackoff({ firstMs: 200, maxMs: 10_000 });
  let client: WebsocketClient | undefined;
  let timer: NodeJS.Timeout | undefined;
  let [isUp, isClosed] = [false, false];

  async function connect(): Promise<void> {
    const own = new WebsocketClient(
      {
        ...(wsUrl === undefined ? {} : { wsUrl }),
        testnet,
        reconnectTimeout: NEVER_MS,
        customParseJSONFn: parse,
        wsOptions: { perMessageDeflate: false, handshakeTimeout: OPENS_WITHIN_MS },
      },
      SILENT,
    );
    const end = (): void => {
      if (client === own) lose();
    };

    function parse(text: string): object {
      const said = parseExact(text) as Partial<UserEvent> & { readonly data?: UserEvent };
      const event = said.data ?? said;
      if (client !== own || typeof event.e !== 'string') return said;
      // With its key the connection ends: nothing more comes on it.
      if (event.e === 'listenKeyExpired') end();
      else listener.onEvent(event as UserEvent);
      return HANDLED;
    }

    client = own;
    timer = setTimeout(end, OPENS_WITHIN_MS);
    own.on('open', () => {
      if (client !== own || isUp) return;
      clearTimeout(timer);
      backoff.reset();
      isUp = true;
      listener.onUp();
    });
    own.on('reconnecting', end);
    own.on('close', end);
    own.on('exception', () => {
      if (!isUp) end();
    });
    const outcome = await exchange.listenKey();
    const { listenKey } = (outcome.type === 'answered' ? outcome.body : {}) as { listenKey?: unknown };
    if (typeof listenKey !== 'string' || client !== own) return end();
    const wsKey = testnet ? 'usdmTestnetPrivate' : 'usdmPrivate';
    await own.connect(wsKey, (await own.getWsUrl(wsKey, 'private')) + listenKey, true).catch(end);
  }

  function lose(): void {
    clearTimeout(timer);
    client?.closeAll(true);
    client = undefined;
    if (isUp) {
      log('warn', 'the user data stream is lost');
      isUp = false;
      listener.onDown();
    }
    if (!isClosed) timer = setTimeout(() => void connect(), backoff.next());
  }

  const keeping = setInterval(() => void exchange.listenKey(), KEEP_ALIVE_EVERY_MS);
  void connect();
  return {
    get isUp() {
      return isUp;
    },
    close() {
      isClosed = true;
      clearInterval(keeping);
      clearTimeout(timer);
      const last = client;
      client = undefined;
      last?.closeAll(true);
    },
  };
}
