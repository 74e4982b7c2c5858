import { USDMClient, WebsocketClient } from 'binance';
import type { Venue } from '../../../../services/venue/venue.ts';

/** An event of the user data stream, as the SDK gives it. */
export type UserEvent = Record<string, unknown> & {
  readonly e: string;
  readonly o: Record<string, string | number | boolean>;
};

/** The real SDK with the keys of one account of a venue, and all that it has heard. */
export interface Trader {
  readonly rest: USDMClient;
  readonly events: UserEvent[];
  readonly exceptions: unknown[];
  /** Opens the user data stream. */
  readonly listen: () => Promise<void>;
  readonly close: () => void;
}

/** What the SDK keeps of listen keys, behind its types. */
interface UserDataStreams {
  readonly listenKeyStateCache: {
    readonly listenKeyStateStore: Readonly<Record<string, unknown>>;
    readonly clearAllListenKeyState: (listenKey: string) => void;
  };
}

/** A test's machine may be slow, which is no reason to refuse a request or to leave a connection. In ms. */
export const PATIENCE = { recvWindow: 60_000, pongTimeout: 120_000 };
const SILENT = { trace: () => {}, info: () => {}, error: () => {} };

export function trader(venue: Venue, account = 'demo'): Trader {
  const { apiKey, secret } = venue.credentials(account);
  const keys = { api_key: apiKey, api_secret: secret };
  const { recvWindow, pongTimeout } = PATIENCE;
  const rest = new USDMClient({ ...keys, baseUrl: venue.restUrl, disableTimeSync: true, recvWindow });
  const socket = new WebsocketClient(
    { ...keys, wsUrl: venue.wsUrl, pongTimeout, restOptions: { baseUrl: venue.restUrl } },
    SILENT as never,
  );
  const events: UserEvent[] = [];
  const exceptions: unknown[] = [];
  socket.on('message', (message) => void events.push(message as unknown as UserEvent));
  socket.on('exception', (exception) => void exceptions.push(exception));
  return {
    rest,
    events,
    exceptions,
    listen: async () => {
      await socket.subscribeUsdFuturesUserDataStream();
    },
    close: () => {
      socket.closeAll(true);
      // The SDK's timers that keep listen keys alive outlive its sockets, and would keep the test's process too.
      const { listenKeyStateCache: keysKept } = (socket as unknown as { userDataStreamManager: UserDataStreams })
        .userDataStreamManager;
      for (const key of Object.keys(keysKept.listenKeyStateStore)) keysKept.clearAllListenKeyState(key);
    },
  };
}

/** The SDK rejects with plain objects, which uvu takes for no failure. */
export function answered<Answer>(request: Promise<Answer>): Promise<Answer> {
  return request.catch((thrown: unknown) => {
    const { code, message } = thrown as { code?: unknown; message?: unknown };
    throw new Error(`${String(code)} ${String(message)}`);
  });
}

/** Signs by the clock of a venue that is not at the machine's time. */
export async function useClockOf(rest: USDMClient): Promise<void> {
  rest.setTimeOffset(Number(await answered(rest.getServerTime())) - Date.now());
}

/** The code that a request is refused with; 0 where it is not. */
export function codeOf(request: Promise<unknown>): Promise<number> {
  return request.then(
    () => 0,
    (thrown: unknown) => (thrown as { code: number }).code,
  );
}

/** A decimal text as a whole number of 1e-8. */
export function e8(text: unknown): bigint {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,8}))?$/.exec(String(text)) ?? [];
  if (whole === undefined) throw new Error(`expected a decimal with at most 8 places, found ${String(text)}`);
  const size = BigInt(whole + fraction.padEnd(8, '0'));
  return sign === '-' ? -size : size;
}
