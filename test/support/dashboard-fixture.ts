import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { createFixtureCustom, type FixtureCustom } from './dashboard-custom.ts';
import { fixtureCatalogue, fixtureComputed } from './dashboard-features.ts';
import { createFixtureJobs } from './dashboard-jobs.ts';
import { createFixtureMarket, type FixtureMarket } from './dashboard-market.ts';
import { createFixtureTrading, type FixtureTrading } from './dashboard-trading.ts';

/** A server that answers the dashboard in the shapes of the API, with data that walk at random; and fails on demand. */
export interface DashboardFixture {
  readonly url: string;
  readonly markets: readonly FixtureMarket[];
  /**
   * How the API behaves from now on; `still`: nothing happens in the markets; `busy`: it computes no features;
   * `imported`: an import comes before the others.
   */
  behave(as: 'well' | 'expired' | 'unavailable' | 'empty' | 'still' | 'busy' | 'imported'): void;
  /** Paths of features that were asked for, with their queries. */
  readonly computed: readonly string[];
  readonly custom: FixtureCustom;
  readonly trading: FixtureTrading;
  /** Cuts every stream. */
  cut(): void;
  close(): Promise<void>;
}

const STEP_MS = 50;
const UNAVAILABLE = 'QuestDB at 127.0.0.1:9000 refuses the connection';
const IMPORTED = 'binance-usdm:BTCUSDT';
const MARKETS = [
  { instrument: 'simulated:BTCUSDT', price: 97_240.5, tickSize: '0.10', stepSize: '0.001', levelQty: 1.4 },
  { instrument: 'simulated:ETHUSDT', price: 3_412.62, tickSize: '0.01', stepSize: '0.001', levelQty: 22 },
  { instrument: 'binance-usdm:SOLUSDT', price: 187.24, tickSize: '0.0100', stepSize: '1', levelQty: 190 },
] as const;

/** The headers that the real API sends with everything (services/api/http/security-headers.ts). */
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** @param folder of the built dashboard */
export async function startDashboardFixture(folder: string, port = 0): Promise<DashboardFixture> {
  const startedMs = Date.now();
  const markets = MARKETS.map((shape, at) => createFixtureMarket(shape, 17 + at));
  const streams = new Map<ServerResponse, readonly string[]>();
  let behaviour: Parameters<DashboardFixture['behave']>[0] = 'well';
  const computed: string[] = [];
  const custom = createFixtureCustom();
  const jobs = createFixtureJobs(startedMs);
  const trading = createFixtureTrading(startedMs);
  let steps = 0;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (!url.pathname.startsWith('/api/')) void answerFile(folder, url.pathname, response);
    else if (url.pathname === '/api/v1/stream' && behaviour !== 'expired' && behaviour !== 'unavailable')
      stream(url, response);
    else if (request.method === 'POST') void tell(url, request, response);
    else answer(url, response, request.method === 'DELETE');
  });

  function stream(url: URL, response: ServerResponse): void {
    response.writeHead(200, { ...SECURITY, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 1000\n\n');
    streams.set(response, (url.searchParams.get('topics') ?? '').split(','));
    response.on('close', () => streams.delete(response));
  }

  async function tell(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , , , account = '', command = ''] = url.pathname.split('/').map(decodeURIComponent);
    const chunks = await request.toArray();
    const told = trading.tell(account, command, JSON.parse(Buffer.concat(chunks).toString()) as object);
    if (told === undefined) problem(response, 404, 'There is no such thing here', url.pathname);
    else json(response, 202, 'application/json', told);
  }

  function answer(url: URL, response: ServerResponse, isDelete: boolean): void {
    const [, , , , route, feature] = url.pathname.split('/');
    const isComputed = route === 'features' && feature !== undefined;
    if (isComputed) computed.push(url.pathname + url.search);
    let body: object | undefined;
    try {
      body = isDelete ? jobs.cancel(route ?? '') : bodyOf(url);
    } catch (error) {
      const { message } = error as Error;
      problem(response, 400, 'The request is not valid', message, message.startsWith('other') ? 'other' : 'parameters');
      return;
    }
    if (behaviour === 'busy' && isComputed)
      problem(response, 429, 'Too many requests', 'expected at most 50 computations at once');
    else if (behaviour === 'expired')
      problem(response, 401, 'A valid key or session is needed', 'the session has ended');
    else if (behaviour === 'unavailable') problem(response, 503, 'A server cannot be reached', UNAVAILABLE);
    else if (body === undefined) problem(response, 404, 'There is no such thing here', url.pathname);
    else json(response, 200, 'application/json', body);
  }

  function bodyOf(url: URL): object | undefined {
    const [, , , first = '', route = '', feature] = url.pathname.split('/').map(decodeURIComponent);
    const nowMs = Date.now();
    if (first === 'instruments')
      return list(
        behaviour === 'empty'
          ? []
          : [
              ...(behaviour === 'imported' ? [instrumentRow(IMPORTED, '0.10', '0.001', '9a0505c20c5a')] : []),
              ...markets.map(({ instrument, tickSize, stepSize }) => instrumentRow(instrument, tickSize, stepSize)),
            ],
      );
    if (first === 'status') return status(nowMs);
    if (first === 'jobs') return list(jobs.list(nowMs));
    if ((first === 'runs' || first === 'models') && route === '') return list([]);
    if (first === 'features') return fixtureCatalogue(custom.list());
    if (first === IMPORTED && route === 'book')
      return { ts: 0, update_id: null, valid: false, reason: 'synchronising', bids: [], asks: [] };
    const market = markets.find(
      ({ instrument }) => instrument === (first === 'gaps' ? url.searchParams.get('instrument') : first),
    );
    if (market === undefined) return undefined;
    if (first === 'gaps') return list(market.gaps);
    switch (route) {
      case 'book':
        return market.book(nowMs, Number(url.searchParams.get('levels') ?? 20));
      case 'bars':
        return list(market.bars(url.searchParams.get('interval') === '1s' ? '1s' : '1m'));
      case 'trades':
        return list(market.trades);
      case 'features':
        return feature === undefined
          ? list(market.features(nowMs))
          : fixtureComputed(market, feature, url.searchParams);
      case 'liquidations':
        return list(market.liquidations);
      case 'mark-prices':
        return list([market.markPrice(nowMs)]);
      default:
        return undefined;
    }
  }

  function status(nowMs: number): object {
    const beat = { startedMs, timeMs: nowMs, pid: 1 };
    const channels = (gaps: number) => ({
      depth: { events: 1, gaps, duplicates: 0 },
      aggTrade: { events: 1, gaps: 0 },
    });
    const instruments = Object.fromEntries(
      markets.map(({ instrument, gaps }) => [
        instrument,
        { eventsPerSecond: 60 + (steps % 17), channels: channels(gaps.length) },
      ]),
    );
    const megabyte = 1024 ** 2;
    return {
      time: nowMs * 1000,
      services: [
        { service: 'venue', state: 'up', heartbeat: { ...beat, service: 'venue', memoryBytes: 121 * megabyte } },
        {
          service: 'recorder',
          state: 'up',
          heartbeat: { ...beat, service: 'recorder', memoryBytes: 143 * megabyte, instruments },
        },
        { service: 'deriver', state: 'up', heartbeat: { ...beat, service: 'deriver', memoryBytes: 156 * megabyte } },
        { service: 'api', state: 'up', heartbeat: { ...beat, service: 'api', memoryBytes: 98 * megabyte } },
        {
          service: 'features',
          state: 'up',
          heartbeat: { ...beat, service: 'features', memoryBytes: 88 * megabyte, features: custom.list() },
        },
      ],
      instruments: markets.map(({ instrument }) => ({
        instrument,
        rawEntries: 1000 + steps,
        lastRawId: `${nowMs}-0`,
        lastDerivedId: `${nowMs}-0`,
        ageMs: 12,
        derivedLagMs: 4,
        deadLetters: instrument.endsWith('ETHUSDT') ? 2 : 0,
      })),
      redis: { usedMemoryBytes: 61 * megabyte },
      lastVerify: { time: startedMs * 1_000, recordings: 3, rows: 41_200, differenceCount: 0, outdated: [] },
    };
  }

  const timer = setInterval(() => {
    steps++;
    const nowMs = Date.now();
    for (const market of behaviour === 'still' ? [] : markets) {
      for (const [topic, row] of market.step(nowMs))
        send(`${topic}:${market.instrument}`, `${nowMs}-0:0`, { i: 0, ...row });
      const [topic, row] = custom.event(market.instrument, nowMs);
      send(topic, `${nowMs}-0:0`, { i: 0, ...row });
    }
    if (steps % 20 === 0) send('status', undefined, status(nowMs));
    if (steps % 10 === 0) send('trading', undefined, list(trading.list(nowMs)));
  }, STEP_MS);

  function send(topic: string, id: string | undefined, data: object): void {
    const frame = `${id === undefined ? '' : `id: ${id}\n`}event: ${topic}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const [response, topics] of streams) if (topics.includes(topic)) response.write(frame);
  }

  function cut(): void {
    for (const response of streams.keys()) response.destroy();
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    markets,
    computed,
    custom,
    trading,
    behave: (as) => {
      behaviour = as;
    },
    cut,
    close() {
      clearInterval(timer);
      cut();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function instrumentRow(instrument: string, tickSize: string, stepSize: string, recording = 'live'): object {
  const [venue, symbol] = instrument.split(':');
  return {
    instrument,
    venue,
    symbol,
    tick_size: tickSize,
    step_size: stepSize,
    recordings: [{ recording, kind: recording === 'live' ? 'live' : 'import' }],
  };
}

function list(items: readonly object[]): object {
  return { items, nextCursor: null };
}

function problem(response: ServerResponse, status: number, title: string, detail: string, field?: string): void {
  const errors = field === undefined ? {} : { errors: [{ field }] };
  const body = { type: 'urn:don:problem:fixture', title, status, detail, ...errors };
  json(response, status, 'application/problem+json', body);
}

function json(response: ServerResponse, status: number, type: string, body: object): void {
  response.writeHead(status, { ...SECURITY, 'content-type': type, 'x-request-id': 'f1x7u4e' });
  response.end(JSON.stringify(body));
}

async function answerFile(folder: string, path: string, response: ServerResponse): Promise<void> {
  const file = join(folder, normalize(path === '/' ? '/index.html' : path));
  const content = await readFile(file).catch(() => null);
  response.writeHead(content === null ? 404 : 200, {
    ...SECURITY,
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
  });
  response.end(content ?? '');
}
