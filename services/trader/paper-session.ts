import type { CommandTaken, SessionOpened, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import { QUEUE_MODELS } from '../../operators/matching/queue-model.ts';
import { riskLimits } from '../../operators/risk/risk-limits.ts';
import type { Entry } from '../../streams/entry.ts';
import { decodeOrGap } from '../../streams/events/decode-or-gap.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import { createScale } from '../../streams/events/scale.ts';
import { FIRST_ENTRY_ID } from '../../streams/id.ts';
import { createTapeBuilder } from '../../streams/tape/tape-builder.ts';
import { latencyOf } from '../backtest/latency-of.ts';
import type { LoadedStrategy } from '../backtest/load-strategy.ts';
import { createMarketRun, type MarketRun } from '../backtest/market-run.ts';
import { runStrategy } from '../backtest/strategy-failure.ts';
import { createOrderEvents } from './order-events.ts';

/** A command for a session that runs. */
export type Told = Pick<CommandTaken, 'commandId' | 'command' | 'flattens'>;

/** A paper session's own sampling of its account, ms: what a chart of it needs. */
const SAMPLE_MS = 1_000;

/** A strategy that trades on paper on a log as it grows: the run of a backtest, fed in small parts. */
export interface PaperSession {
  readonly run: MarketRun;
  /** Takes in entries, in log order. @throws Error that names the strategy, where it fails */
  push(entries: readonly Entry[]): void;
  /** Does what it was told behind the last entry that was pushed. */
  obey(told: Told): void;
  /** What happened since the last call, in that order. */
  take(): TraderEvent[];
  /** Last entry that was pushed; `0-0` before the first. */
  readonly lastEntryId: string;
}

/**
 * Opens the session that the event says, as it was when it was begun: the same entries and commands at the same places give
 * the same events, to the last bit, however the entries are cut into parts.
 */
export function openPaperSession(opened: SessionOpened, strategy: LoadedStrategy): PaperSession {
  const { settings, session, skewUs, tradesFromUs } = opened;
  const scale = createScale(opened.tickSize, opened.stepSize);
  const decoder = createDecoder(scale);
  const builder = createTapeBuilder();
  let events: TraderEvent[] = [];
  let lastEntryId = FIRST_ENTRY_ID;
  /** It was told to stop: nothing that comes later undoes that. */
  let isStopping = false;
  const run = createMarketRun({
    ...settings,
    scale,
    strategy: strategy.definition,
    queue: QUEUE_MODELS[settings.queue]!,
    latency: latencyOf(settings.latency)!,
    limits: riskLimits(settings.limits),
    tradesFromUs,
    sampleMs: SAMPLE_MS,
    skewUs,
    onAccountEvent(event) {
      // A price each second is the log's, and changes nothing of what the account has.
      if (event.type !== 'markPrice') events.push({ type: 'account', event });
    },
    listener: createOrderEvents(session, (event) => events.push(event)),
  });
  const { simulation, guard } = run;
  guard.setHalted(opened.isHalted);

  return {
    run,
    push(entries) {
      for (const { entryId, events: logged } of entries) {
        for (const [index, { channel, payload, receiveTimeUs }] of logged.entries())
          builder.push(decodeOrGap(decoder, channel, payload), { entryId, index, receiveTimeUs });
        lastEntryId = entryId;
      }
      if (builder.events === 0) return;
      runStrategy(
        strategy.definition,
        () => simulation.market.timeUs,
        () => simulation.push(builder.take()),
      );
    },
    obey(told) {
      events.push({ type: 'commandTaken', ...told, afterEntryId: lastEntryId });
      if (isStopping) return;
      isStopping = told.command === 'stop';
      guard.setHalted(told.command !== 'resume');
      if (told.command === 'resume') simulation.resume();
      else simulation.halt(told.flattens);
    },
    take() {
      const taken = events;
      events = [];
      return taken;
    },
    get lastEntryId() {
      return lastEntryId;
    },
  };
}
