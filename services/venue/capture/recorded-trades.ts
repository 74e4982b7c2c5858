import type { AggTradesQuery } from '../market-source.ts';

interface RecordedTrade {
  readonly id: number;
  readonly timeMs: number;
  /** The element of the REST answer. */
  readonly text: string;
}

/** Kept for `GET /fapi/v1/aggTrades`. */
const KEPT = 300_000;

/** The trades of a recording as far as it has been played. */
export interface RecordedTrades {
  /** Payload of an `aggTrade` or a `trade`; a lone trade is an aggregate of itself, with its own id. */
  readonly add: (payload: string) => void;
  readonly select: (query: AggTradesQuery) => string;
}

/** @param channel where the recording has both, aggTrades are the ones to answer with. */
export function recordedTrades(channel: 'aggTrade' | 'trade'): RecordedTrades {
  const trades: RecordedTrade[] = [];
  return {
    add: (payload) => {
      const trade = parseTrade(payload, channel);
      if (trade === undefined || trade.id <= (trades.at(-1)?.id ?? -1)) return;
      trades.push(trade);
      if (trades.length > 2 * KEPT) trades.splice(0, KEPT);
    },
    select: ({ fromId, startTimeMs, endTimeMs, limit }) => {
      const within = trades.filter(
        ({ id, timeMs }) =>
          (fromId === undefined || id >= fromId) &&
          (startTimeMs === undefined || timeMs >= startTimeMs) &&
          (endTimeMs === undefined || timeMs <= endTimeMs),
      );
      const isFromStart = fromId !== undefined || startTimeMs !== undefined;
      const page = isFromStart ? within.slice(0, limit) : within.slice(-limit);
      return `[${page.map(({ text }) => text).join(',')}]`;
    },
  };
}

function parseTrade(payload: string, channel: 'aggTrade' | 'trade'): RecordedTrade | undefined {
  let trade: Record<string, unknown>;
  try {
    trade = JSON.parse(payload);
  } catch {
    return undefined;
  }
  const id = trade[channel === 'aggTrade' ? 'a' : 't'];
  const { p, q, nq, T, m, f = id, l = id } = trade as Record<string, unknown> & Record<'f' | 'l', unknown>;
  if (typeof id !== 'number' || typeof T !== 'number' || typeof p !== 'string' || typeof q !== 'string')
    return undefined;
  const withoutRpi = nq === undefined ? '' : `"nq":${JSON.stringify(nq)},`;
  const text = `{"a":${id},"p":"${p}","q":"${q}",${withoutRpi}"f":${f},"l":${l},"T":${T},"m":${m}}`;
  return { id, timeMs: T, text };
}
