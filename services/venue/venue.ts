import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SentFrame } from './control/recording.ts';
import { sentRecording } from './control/recording.ts';
import { handleControl } from './control/routes.ts';
import { type VenueParts, type VenueState, venueState } from './control/state.ts';
import { REQUEST_WEIGHT_PER_MINUTE } from './exchange-info.ts';
import { type FaultReport, faultRegistry } from './faults/registry.ts';
import type { FaultRequest } from './faults/rules.ts';
import type { MarketSource } from './market-source.ts';
import { modelSource } from './model/model-source.ts';
import { type Credentials, credentialsOf, DEMO_ACCOUNT } from './private/credentials.ts';
import { LISTEN_KEY_MS } from './private/listen-keys.ts';
import { type AccountOptions, privateSide } from './private/private-side.ts';
import { restHandler } from './rest/handler.ts';
import { privateRequests } from './rest/private-requests.ts';
import { publicRoutes } from './rest/routes.ts';
import { weightBudget } from './rest/weight.ts';
import { delivery as newDelivery } from './ws/delivery.ts';
import { BINANCE_CONNECTION_LIMITS, type ConnectionLimits, gateway as newGateway } from './ws/gateway.ts';

export const DEFAULT_SYMBOLS: readonly string[] = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];

/** 10,000 USDT. */
export const DEMO_BALANCE_E8 = 10_000 * 1e8;

export interface VenueOptions {
  /** 0 takes a free port. The venue listens on 127.0.0.1 only. @default 0 */
  readonly port?: number;
  /** @default BTCUSDT, ETHUSDT, SOLUSDT */
  readonly symbols?: readonly string[];
  /** @default 1 */
  readonly seed?: number;
  /** Start of the model's market, ms since the epoch; with the seed it decides every byte. @default now */
  readonly anchorMs?: number;
  /** So many times the ordinary amount of market; in a capture, so many times as fast as recorded. @default 1 */
  readonly pace?: number;
  /** Frames a second that the model aims at. @default what the market makes */
  readonly rate?: number;
  /** Another market than the model: see `captureSource`. */
  readonly source?: MarketSource;
  /** @default Binance's: ping 3 min, pong 10 min, life 24 h, 10 messages a second */
  readonly connectionLimits?: Partial<ConnectionLimits>;
  /** Request weight a window. @default 2400 */
  readonly weightLimit?: number;
  /** @default 60000 */
  readonly weightWindowMs?: number;
  /** Accounts to begin with. @default one of the name `demo` with 10,000 USDT */
  readonly accounts?: readonly AccountOptions[];
  /** How long a listen key lives. @default 60 minutes */
  readonly listenKeyMs?: number;
  /** Unexpected errors of the venue itself. @default thrown */
  readonly onError?: (error: Error) => void;
}

export interface Venue {
  readonly port: number;
  /** `http://127.0.0.1:port`: `baseUrl` of the SDK's REST client. */
  readonly restUrl: string;
  readonly url: string;
  /** `ws://127.0.0.1:port`: `wsUrl` of the SDK's WebSocket client. */
  readonly wsUrl: string;
  readonly controlUrl: string;
  readonly source: MarketSource;
  /** What an account's requests are signed with. */
  readonly credentials: (account: string) => Credentials;
  readonly state: () => VenueState;
  readonly addFault: (fault: FaultRequest) => FaultReport;
  readonly removeFault: (id: number) => boolean;
  readonly clearFaults: () => void;
  /** Sends a payload to the subscribers of a stream, past the faults; returns how many got it. */
  readonly emit: (stream: string, payload: string) => number;
  /** Keeps the texts of up to `limit` frames sent from now on. */
  readonly record: (limit: number) => void;
  readonly recorded: (stream?: string) => { frames: readonly SentFrame[]; missed: number };
  readonly close: () => Promise<void>;
}

/**
 * Starts a small exchange that speaks Binance's USD-M protocol on loopback.
 *
 * @throws RangeError naming an option out of range, Error when the port is taken.
 */
export async function startVenue(options: VenueOptions = {}): Promise<Venue> {
  const source =
    options.source ??
    modelSource({
      symbols: options.symbols ?? DEFAULT_SYMBOLS,
      seed: options.seed ?? 1,
      anchorMs: options.anchorMs ?? Date.now(),
      pace: options.pace ?? 1,
      rate: options.rate,
    });
  const onError =
    options.onError ??
    ((error: Error): void => {
      throw error;
    });
  const stale = new Map<string, string>();
  const takeStaleSnapshots = (): void => {
    for (const { symbol } of source.instruments) {
      source.depth(symbol, 1000).then((text) => stale.set(symbol, text), onError);
    }
  };
  const faults = faultRegistry(options.seed ?? 1, () => gateway.connections, takeStaleSnapshots);
  const clockMs = (): number => source.nowMs() + faults.frames.skewMs();
  const delivery = newDelivery(faults.frames);
  const limits = { ...BINANCE_CONNECTION_LIMITS, ...options.connectionLimits };
  const side = privateSide({
    source,
    accounts: options.accounts ?? [{ name: DEMO_ACCOUNT, balanceE8: DEMO_BALANCE_E8 }],
    listenKeyMs: options.listenKeyMs ?? LISTEN_KEY_MS,
    send: delivery.sendUserData,
    onClosed: (listenKey) => gateway.endStream(listenKey),
  });
  const gateway = newGateway(delivery, faults.sockets, limits, source.subscribed, side.keys.isKnown);
  const weight = weightBudget(options.weightLimit ?? REQUEST_WEIGHT_PER_MINUTE, options.weightWindowMs ?? 60_000);
  const routes = publicRoutes(source, clockMs, faults.overrideInfo);
  // A recording's own time is not the one that its clients sign with.
  const signedClockMs = source.kind === 'model' ? clockMs : (): number => Date.now() + faults.frames.skewMs();
  const accountRequests = privateRequests(side, signedClockMs);
  const rest = restHandler(routes, accountRequests, weight, faults.rest, (symbol) => stale.get(symbol ?? ''));
  const recording = sentRecording();
  delivery.onDelivered = (stream, payload, connections) =>
    recording.add({ stream, payload, sentAtMs: Date.now(), connections: connections.map(({ id }) => id) });
  const parts: VenueParts = { source, delivery, gateway, rest, weight, faults, side, clockMs };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://venue');
    const handled = url.pathname.startsWith('/control/')
      ? handleControl(request, response, url, parts, recording)
      : rest.handle(request, response, url);
    handled.catch(onError);
  });
  server.on('upgrade', gateway.upgrade);
  const port = await listen(server, options.port ?? 0);
  source.start(delivery);
  const url = `http://127.0.0.1:${port}`;
  return {
    port,
    url,
    restUrl: url,
    wsUrl: `ws://127.0.0.1:${port}`,
    controlUrl: `${url}/control`,
    source,
    credentials: credentialsOf,
    state: () => venueState(parts),
    addFault: faults.add,
    removeFault: faults.remove,
    clearFaults: faults.clear,
    emit: delivery.emit,
    record: recording.begin,
    recorded: recording.read,
    close: () => {
      source.close();
      side.close();
      gateway.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`port: ${port} is taken on 127.0.0.1; choose another with DON_VENUE_PORT`) : error);
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
