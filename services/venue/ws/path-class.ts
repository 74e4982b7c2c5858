/** The three WebSocket paths since March 2026; a stream is delivered on its own path only. */
export type PathClass = 'public' | 'market' | 'private';

/** How frames are written: bare payloads, or wrapped as `{"stream":…,"data":…}`. */
export type FrameFormat = 'raw' | 'combined';

/** What a WebSocket address asks for. */
export interface Endpoint {
  readonly path: PathClass;
  readonly format: FrameFormat;
  /** Streams named in the address itself. */
  readonly streams: readonly string[];
  /** Events of the user data stream that are wanted; all where none is named. */
  readonly events: readonly string[];
}

/** A listen key is no stream of a market: 64 letters and digits, as at Binance. */
const LISTEN_KEY = /^[A-Za-z0-9]{64}$/;

const ENDPOINT = /^\/(public|market|private)\/(ws|stream)(?:\/(.*))?$/;

/** Undefined for any other address, the undivided `/ws` and `/stream` of before April 2026 among them. */
export function parseEndpoint(url: URL): Endpoint | undefined {
  const match = ENDPOINT.exec(url.pathname);
  if (match === null) return undefined;
  const [, path, form, rest] = match;
  const isCombined = form === 'stream';
  const listenKey = path === 'private' ? url.searchParams.get('listenKey') : null;
  const names = isCombined ? (url.searchParams.get('streams') ?? '') : decodeURIComponent(rest ?? '');
  return {
    path: path as PathClass,
    format: isCombined ? 'combined' : 'raw',
    streams: (listenKey ?? names).split('/').filter((name) => name !== ''),
    events: (url.searchParams.get('events') ?? '').split('/').filter((name) => name !== ''),
  };
}

/** Books and quotes are public, every other market stream is regular; Change Notice of 2026-03-06. */
export function classOf(stream: string): PathClass {
  if (LISTEN_KEY.test(stream)) return 'private';
  return /^(?:!bookTicker$|[^@]+@(?:depth|rpiDepth|bookTicker))/.test(stream) ? 'public' : 'market';
}
