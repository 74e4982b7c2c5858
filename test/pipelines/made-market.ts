import type { EventToAppend } from '../../streams/entry.ts';
import { seededRandom } from '../operators/market-events.ts';

/** A made market's log: every channel, and what goes wrong in a real one. The same for the same seed. */
export interface MadeMarketOptions {
  readonly seed?: number;
  readonly events: number;
  /** Whether holes, their gap events and later snapshots, and refused payloads are among them; they are, where not said. */
  readonly hasFaults?: boolean;
  /** Events before the first fault: enough of them make whole minutes. */
  readonly quietEvents?: number;
  /** Events from one snapshot to the next, beside those after faults; none where not said. */
  readonly snapshotEvery?: number;
  /** By how much the market is slower than it is by itself; 1 where not said. */
  readonly pace?: number;
  /** Receive time of the first event, µs since the epoch. */
  readonly startUs?: number;
}

const START_US = 1_723_161_255_000_000;
const FILTERS = [
  { filterType: 'PRICE_FILTER', tickSize: '0.10' },
  { filterType: 'LOT_SIZE', stepSize: '0.001' },
];
/** Per mille of the events that are a fault. */
const FAULTS_PER_MILLE = 12;

export function madeMarket({
  seed = 1,
  events,
  hasFaults = true,
  quietEvents = 0,
  pace = 1,
  snapshotEvery = Number.POSITIVE_INFINITY,
  startUs = START_US,
}: MadeMarketOptions): EventToAppend[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const log: EventToAppend[] = [];
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  let receiveTimeUs = startUs;
  let middle = 618_000;
  let u = 1_000;
  let tradeId = 500;
  let aggTradeId = 70;
  let snapshotIn = 3;
  let nextSnapshot = snapshotEvery;
  let answer: object | null = null;
  /** What the venue tells once at a time. */
  let lastMarkMs = 0;
  let lastClosedMs = 0;

  const price = (tick: number): string => (tick / 10).toFixed(2);
  const qty = (steps: number): string => (steps / 1_000).toFixed(3);
  const nowMs = (): number => Math.floor(receiveTimeUs / 1_000) - 3;
  const add = (channel: string, payload: unknown): void => {
    log.push({ channel, payload: typeof payload === 'string' ? payload : JSON.stringify(payload), receiveTimeUs });
  };
  const gap = (channel: string, reason: string): void => add('gap', { channel, expected: '1', found: '2', reason });

  /** Moves the book on, and gives its diff. */
  function move(): object {
    middle += below(5) - 2;
    const b: [string, string][] = [];
    const a: [string, string][] = [];
    const set = (side: Map<number, number>, told: [string, string][], tick: number, steps: number): void => {
      if (steps === 0) side.delete(tick);
      else side.set(tick, steps);
      told.push([price(tick), qty(steps)]);
    };
    for (const tick of [...bids.keys()].filter((at) => at >= middle)) set(bids, b, tick, 0);
    for (const tick of [...asks.keys()].filter((at) => at <= middle)) set(asks, a, tick, 0);
    for (let n = 0; n < 4; n++) {
      set(bids, b, middle - 1 - below(40), random() < 0.3 ? 0 : 1 + below(9_000));
      set(asks, a, middle + 1 + below(40), random() < 0.3 ? 0 : 1 + below(9_000));
    }
    set(bids, b, middle - 1, 1 + below(9_000));
    set(asks, a, middle + 1, 1 + below(9_000));
    const pu = u;
    u += 1 + below(50);
    const T = nowMs();
    return { e: 'depthUpdate', E: T + 1, T, s: 'BTCUSDT', U: pu + 1, u, pu, b, a };
  }

  function snapshot(): object {
    const pairs = (side: Map<number, number>, sign: 1 | -1): [string, string][] =>
      [...side].sort(([one], [other]) => sign * (one - other)).map(([tick, steps]) => [price(tick), qty(steps)]);
    return { lastUpdateId: u, E: nowMs(), T: nowMs(), bids: pairs(bids, -1), asks: pairs(asks, 1) };
  }

  /** A snapshot comes behind a diff that it does not have yet, as REST is slower. */
  function depth(): void {
    add('depth', move());
    if (answer !== null) add('depthSnapshot', answer);
    answer = null;
    if (snapshotIn > 0 && --snapshotIn === 0) answer = snapshot();
  }

  function fault(): void {
    const kind = below(6);
    if (kind === 0) {
      move();
      gap('depth', 'sequence');
      snapshotIn = 2 + below(20);
    } else if (kind === 1) {
      tradeId += 5;
      aggTradeId += 2;
      gap('aggTrade', 'refill-failed');
    } else if (kind === 2) {
      add('depth', JSON.stringify(move()).slice(0, -9));
      snapshotIn = 2 + below(20);
    } else if (kind === 3) add('markPrice', { e: 'markPriceUpdate', E: nowMs(), p: 'NaN' });
    else if (kind === 4) gap('forceOrder', 'disconnected');
    else add('disconnected', { channels: ['markPrice'], connection: 2, reason: 'silence' });
  }

  function trade(): void {
    const f = tradeId;
    tradeId += 1 + below(3);
    const m = random() < 0.5;
    const p = price(middle + (m ? -1 : 1));
    const T = nowMs() - (random() < 0.05 ? 1_200 : 0);
    add('aggTrade', {
      e: 'aggTrade',
      E: T + 2,
      a: aggTradeId++,
      s: 'BTCUSDT',
      p,
      q: qty(1 + below(3_000)),
      f,
      l: tradeId - 1,
      T,
      m,
    });
  }

  function other(): void {
    const E = nowMs();
    const p = (middle / 10 + random()).toFixed(8);
    const kind = below(4);
    if (kind === 0 && E > lastMarkMs) {
      lastMarkMs = E;
      add('markPrice', { e: 'markPriceUpdate', E, p, P: p, i: p, r: '-0.00000801', T: E + 5_000 });
    } else if (kind === 1) {
      const o = {
        S: random() < 0.5 ? 'SELL' : 'BUY',
        q: '1.500',
        p: price(middle),
        ap: p,
        X: 'FILLED',
        z: '1.500',
        T: E,
      };
      add('forceOrder', { e: 'forceOrder', E, o });
    } else if (kind === 2) {
      // A candle is closed once, a moment after its minute.
      const previous = Math.floor(E / 60_000) * 60_000 - 60_000;
      const x = previous > lastClosedMs;
      const t = x ? previous : previous + 60_000;
      if (x) lastClosedMs = t;
      const candle = { t, i: '1m', o: price(middle), h: price(middle), l: price(middle), c: price(middle) };
      add('kline_1m', {
        e: 'kline',
        E,
        k: { ...candle, v: '5.000', q: '309000.5', V: '2.000', n: 40, x },
      });
    } else
      add('bookTicker', { e: 'bookTicker', u, b: price(middle - 1), B: '1.000', a: price(middle + 1), A: '1.000', E });
  }

  add('connected', { channels: ['depth', 'aggTrade', 'markPrice'], connection: 1 });
  add('instrument', { symbol: 'BTCUSDT', filters: FILTERS });
  while (log.length < events) {
    receiveTimeUs += Math.floor((random() < 0.01 ? below(3_000_000) : below(60_000)) * pace);
    if (log.length >= nextSnapshot) {
      snapshotIn = 1;
      nextSnapshot = log.length + snapshotEvery;
    }
    const chance = random();
    if (hasFaults && log.length >= quietEvents && chance * 1_000 < FAULTS_PER_MILLE) fault();
    else if (chance < 0.6) depth();
    else if (chance < 0.85) trade();
    else other();
  }
  return log.slice(0, events);
}
