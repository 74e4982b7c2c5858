import { access } from 'node:fs/promises';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { AggTradesQuery, FrameSink, MarketSource } from '../market-source.ts';
import { ApiError } from '../rest/api-error.ts';
import { parseFrame, symbolOf } from './capture-line.ts';
import { mergeCaptures, type SourcedLine } from './read-capture.ts';
import { limitedSnapshot, type RecordedBook, recordedBook } from './recorded-book.ts';
import { type RecordedTrades, recordedTrades } from './recorded-trades.ts';
import { type RecordedTrading, recordedTrading } from './recorded-trading.ts';
import { type SnapshotDesk, snapshotDesk } from './snapshot-desk.ts';
import { streamAliases } from './stream-aliases.ts';
import { surveyCaptures } from './survey.ts';

export interface CaptureOptions {
  readonly files: readonly string[];
  /** So many times as fast as recorded; `max`: as fast as the clients take it. */
  readonly pace: number | 'max';
  /** `subscribed` (the default): when no SUBSCRIBE has come for a second after the first; `manual`: by `play()` only. */
  readonly startWhen?: 'subscribed' | 'manual';
  /** Errors while playing. */
  readonly onError: (error: Error) => void;
}

const SETTLE_MS = 1000;
/** At `max`, other work of the process gets its turn after so many lines. */
const LINES_A_TURN = 128;

interface SymbolState {
  readonly symbol: string;
  /** The channel that its trades are taken from. */
  readonly tradeChannel: 'aggTrade' | 'trade';
  readonly book: RecordedBook;
  readonly trades: RecordedTrades;
  markPrice: string | undefined;
  readonly desk: SnapshotDesk;
}

/**
 * A recording as a market: every event's text goes out as it was recorded, at the recorded times divided by `pace`.
 *
 * @throws Error naming a file that is missing or is no recording.
 */
export async function captureSource(options: CaptureOptions): Promise<MarketSource> {
  for (const file of options.files) {
    await access(file).catch(() => {
      throw new Error(`capture: ${file} does not exist or cannot be read`);
    });
  }
  const survey = await surveyCaptures(options.files);
  const aliases = streamAliases(survey.streams.keys());
  const stopping = new AbortController();
  let sink: FrameSink | undefined;
  let startTimer: NodeJS.Timeout | undefined;
  let positionUs = survey.firstUs;
  let isPlaying = false;
  let isDone = false;
  let linesPlayed = 0;

  /** Wall time for which the play has stood still. */
  let heldMs = 0;
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal: stopping.signal });
  const hold = async (ms: number): Promise<void> => {
    const startedAt = performance.now();
    await pause(ms);
    heldMs += performance.now() - startedAt;
  };

  const isDepthWanted = (symbol: string): boolean =>
    [...aliases].some(([stream, others]) => {
      const isDepth = symbolOf(stream) === symbol && stream.includes('@depth');
      return isDepth && [stream, ...others].some((name) => sink?.wants(name));
    });
  const states = new Map(
    survey.instruments.map(({ symbol }): [string, SymbolState] => {
      const isExpected = survey.withSnapshot.has(symbol);
      const desk = snapshotDesk({ isExpected, isDepthWanted: () => isDepthWanted(symbol), pause: hold });
      const hasAggTrades = survey.streams.has(`${symbol.toLowerCase()}@aggTrade`);
      const tradeChannel = hasAggTrades ? 'aggTrade' : 'trade';
      const trades = recordedTrades(tradeChannel);
      return [symbol, { symbol, tradeChannel, book: recordedBook(), trades, markPrice: undefined, desk }];
    }),
  );

  const nowMs = (): number => positionUs / 1000;
  const trading = recordedTrading(survey.instruments, nowMs);

  const playEvent = async (stream: string, payload: string, frame: string): Promise<void> => {
    const state = states.get(symbolOf(stream) ?? '');
    if (state !== undefined) keep(state, trading, stream, payload);
    sink?.sendFrame(stream, frame);
    for (const alias of aliases.get(stream) ?? []) sink?.send(alias, payload);
    if (stream.includes('@depth')) await state?.desk.diffPlayed();
  };

  const playLine = async ({ file, line }: SourcedLine): Promise<void> => {
    linesPlayed++;
    if (line === undefined) return;
    positionUs = line.receiveTimeUs;
    const frame = parseFrame(line.text);
    if (frame.kind === 'event') await playEvent(frame.stream, frame.payload, line.text);
    if (frame.kind !== 'snapshot') return;
    const state = states.get(survey.snapshotSymbols.get(file) as string);
    state?.book.applySnapshot(line.text);
    if (state !== undefined) trading.played(state.symbol, 'depthSnapshot', line.text);
    await state?.desk.offer(line.text);
  };

  const run = async (): Promise<void> => {
    const startedAt = performance.now();
    for await (const sourced of mergeCaptures(options.files)) {
      if (stopping.signal.aborted) return;
      if (options.pace === 'max') {
        if (linesPlayed % LINES_A_TURN === 0) await nextTurn();
        while (sink?.isCongested() === true) await pause(5);
      } else if (sourced.line !== undefined) {
        const dueAt = startedAt + heldMs + (sourced.line.receiveTimeUs - survey.firstUs) / 1000 / options.pace;
        const waitMs = dueAt - performance.now();
        if (waitMs > 1) await pause(waitMs);
      }
      await playLine(sourced);
      trading.turn();
    }
  };

  const play = (): void => {
    if (isPlaying) return;
    isPlaying = true;
    clearTimeout(startTimer);
    run()
      .catch((error: Error) => {
        if (!stopping.signal.aborted) options.onError(error);
      })
      .finally(() => {
        isDone = true;
      });
  };

  const stateOf = (symbol: string): SymbolState => {
    const state = states.get(symbol);
    if (state === undefined) throw new ApiError(400, -1121, 'Invalid symbol.');
    return state;
  };

  return {
    kind: 'capture',
    instruments: survey.instruments,
    nowMs,
    trading,
    start: (target) => {
      sink = target;
    },
    subscribed: () => {
      if (isPlaying || options.startWhen === 'manual') return;
      clearTimeout(startTimer);
      startTimer = setTimeout(play, SETTLE_MS);
    },
    play,
    close: () => {
      clearTimeout(startTimer);
      stopping.abort();
    },
    depth: async (symbol, limit) => {
      const state = stateOf(symbol);
      const recorded = isDone ? undefined : await state.desk.request();
      return recorded === undefined ? state.book.snapshotText(limit) : limitedSnapshot(recorded, limit);
    },
    aggTrades: (symbol, query: AggTradesQuery) => stateOf(symbol).trades.select(query),
    klines: () => '[]',
    fundingRates: () => '[]',
    premiumIndex: (symbol) => premiumIndexText(stateOf(symbol).markPrice),
    openInterest: () => undefined,
    liquidate: () => false,
    state: () => ({
      files: options.files,
      pace: options.pace,
      lines: survey.lines,
      unknownLines: survey.unknownLines,
      linesPlayed,
      streams: Object.fromEntries(survey.streams),
      isPlaying,
      isDone,
    }),
  };
}

function keep(state: SymbolState, trading: RecordedTrading, stream: string, payload: string): void {
  const channel = stream.slice(stream.indexOf('@') + 1);
  if (/^depth(@|$)/.test(channel)) {
    state.book.applyDiff(payload);
    trading.played(state.symbol, 'depth', payload);
  } else if (channel === 'trade' || channel === 'aggTrade') {
    state.trades.add(payload);
    if (channel === state.tradeChannel) trading.played(state.symbol, channel, payload);
  } else if (channel.startsWith('markPrice')) {
    state.markPrice = payload;
    trading.played(state.symbol, 'markPrice', payload);
  }
}

/** `GET /fapi/v1/premiumIndex` from the last mark price played. */
function premiumIndexText(payload: string | undefined): string | undefined {
  if (payload === undefined) return undefined;
  try {
    const mark = JSON.parse(payload) as Record<string, unknown>;
    return JSON.stringify({
      symbol: mark['s'],
      markPrice: mark['p'],
      indexPrice: mark['i'],
      estimatedSettlePrice: mark['P'],
      lastFundingRate: mark['r'],
      interestRate: '0.00010000',
      nextFundingTime: mark['T'],
      time: mark['E'],
    });
  } catch {
    return undefined;
  }
}
