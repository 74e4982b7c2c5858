import { type ChildProcess, fork } from 'node:child_process';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { type Pipeline, startPipeline, stopProcess } from '../support/pipeline.ts';
import { type Bench, median } from './bench.ts';
import type { VenueMessage } from './latency-venue.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
const FRAMES_A_SECOND = 2_000;
const WINDOWS = 9;
const WINDOW_MS = 6_000;
const WARM_UP_MS = 10_000;
/** What the dashboard subscribes to. */
const TOPICS = ['book', 'trades', 'bar', 'bars_1s', 'bars_1m', 'features', 'gaps', 'liquidations', 'mark_prices'];

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

export default {
  name: 'latency',
  summary: 'frame leaves venue → SSE client has the derived event, 2,000 events/s',
  target: { of: 'value', at: 'most', bound: 10 },
  async run({ say }) {
    const instruments = SYMBOLS.map((symbol) => `simulated:${symbol}`);
    const { child: venue, first } = await forkScript<VenueMessage>('latency-venue.ts', [
      SYMBOLS.join(),
      String(FRAMES_A_SECOND),
    ]);
    if (!('restUrl' in first)) throw new Error('latency-venue.ts: expected its addresses first');
    const sentAt = new Map<string, number>();
    let frames = 0;
    venue.on('message', (message: VenueMessage) => {
      if (!('sent' in message)) return;
      frames += message.frames;
      for (const { key, atMs } of message.sent) sentAt.set(key, atMs);
    });
    const { child: relay, first: relayed } = await forkScript<{ url: string }>(
      'latency-relay.ts',
      addresses(first.wsUrl),
    );
    let pipeline: Pipeline | undefined;
    try {
      pipeline = await startPipeline({ venue: first, instruments, port: await freePort() });
      await sleep(WARM_UP_MS);
      const topics = instruments.flatMap((name) => TOPICS.map((topic) => `${topic}:${name}`)).join();
      const stream = `${pipeline.apiUrl}/api/v1/stream?topics=${topics}`;
      const ours: Percentiles[] = [];
      const reference: Percentiles[] = [];
      frames = 0;
      const startMs = performance.now();
      for (let window = 1; window <= WINDOWS; window++) {
        reference.push(await measure(relayed.url, {}, relayedKey, sentAt));
        ours.push(await measure(stream, { authorization: pipeline.authorization }, derivedKey, sentAt));
        sentAt.clear();
        say(`latency ${window} of ${WINDOWS}: ${describe(ours.at(-1)!)}; relay ${describe(reference.at(-1)!)}`);
      }
      const rate = Math.round((frames / (performance.now() - startMs)) * 1_000);
      const [value, referenceValue] = [ours, reference].map((each) => median(each.map(({ p99 }) => p99))) as [
        number,
        number,
      ];
      const [p50, referenceP50] = [ours, reference].map((each) => median(each.map((window) => window.p50)).toFixed(2));
      return {
        name: 'latency',
        value,
        unit: 'ms p99',
        reference: 'bare ws-in → SSE-out relay, p99',
        referenceValue,
        ratio: referenceValue / value,
        note: `p50 ${p50} ms, of the relay ${referenceP50} ms; ${rate} events/s of the venue's model`,
      };
    } finally {
      await pipeline?.stop();
      await Promise.all([venue, relay].map(stopProcess));
    }
  },
} satisfies Bench;

/** The venue's combined streams with everything that the recorder subscribes to. */
function addresses(wsUrl: string): string[] {
  const streams = (suffixes: readonly string[]): string =>
    SYMBOLS.flatMap((symbol) => suffixes.map((suffix) => `${symbol.toLowerCase()}@${suffix}`)).join('/');
  return [
    `${wsUrl}/public/stream?streams=${streams(['depth@100ms', 'bookTicker'])}`,
    `${wsUrl}/market/stream?streams=${streams(['aggTrade', 'kline_1m', 'markPrice@1s', 'forceOrder'])}`,
  ];
}

/** Reads the stream for a while and says how long after leaving the venue each event was there. */
async function measure(
  url: string,
  headers: Record<string, string>,
  keyOf: (block: string) => string | undefined,
  sentAt: ReadonlyMap<string, number>,
): Promise<Percentiles> {
  const seenAt = new Map<string, number>();
  let rest = '';
  const request = get(url, { headers, agent: false }, (response) => {
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const nowMs = performance.timeOrigin + performance.now();
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const key = keyOf(block);
        if (key !== undefined && !seenAt.has(key)) seenAt.set(key, nowMs);
      }
    });
    response.on('error', () => {});
  });
  request.on('error', () => {});
  await sleep(WINDOW_MS);
  request.destroy();
  // The venue tells when it sent them some time later.
  await sleep(500);
  const latencies = [...seenAt].flatMap(([key, atMs]) => {
    const sentMs = sentAt.get(key);
    return sentMs === undefined ? [] : [atMs - sentMs];
  });
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))]!;
  if (latencies.length < 100)
    throw new Error(`latency: expected hundreds of events from ${url}, found ${latencies.length}`);
  return { p50: at(0.5), p99: at(0.99), count: latencies.length };
}

function derivedKey(block: string): string | undefined {
  const [, topic, symbol] = /^event: (trades|book):simulated:(\w+)$/m.exec(block) ?? [];
  if (topic === 'trades') return `${symbol} trade ${/"trade_id":(\d+)/.exec(block)?.[1]}`;
  return topic === 'book' ? `${symbol} depth ${/"update_id":(\d+)/.exec(block)?.[1]}` : undefined;
}

function relayedKey(block: string): string | undefined {
  const [, symbol, suffix] = /"stream":"(\w+)@([\w@]+)"/.exec(block) ?? [];
  if (suffix === 'aggTrade') return `${symbol!.toUpperCase()} trade ${/"a":(\d+)/.exec(block)?.[1]}`;
  return suffix?.startsWith('depth') ? `${symbol!.toUpperCase()} depth ${/"u":(\d+)/.exec(block)?.[1]}` : undefined;
}

function describe({ p50, p99, count }: Percentiles): string {
  return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms of ${count}`;
}

/** A script of the benchmark as a child; resolves with its first message. */
async function forkScript<Message>(
  name: string,
  args: readonly string[],
): Promise<{ child: ChildProcess; first: Message }> {
  const child = fork(join(import.meta.dirname, name), [...args]);
  const first = await new Promise<Message>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Message));
    child.once('exit', (code) => reject(new Error(`${name}: ended with ${code} before it was ready`)));
  });
  return { child, first };
}
