import type { CommandTaken, Recorded, SessionOpened, TraderEvent } from '../../operators/ledger/ledger-event.ts';
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
  /** By which limit an order of a side was stopped, since one of that side passed. */
  const lastStopped = new Map<string, string>();
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
    listener: {
      onSend(order, _, timeUs) {
        const name = clientOrderId(session, order.orderId);
        lastStopped.delete(order.side);
        events.push({ type: 'orderIntended', timeUs, clientOrderId: name, order: recorded(order) });
      },
      onConditionalSent(order, timeUs) {
        const name = clientOrderId(session, order.orderId);
        events.push({ type: 'conditionalIntended', timeUs, clientOrderId: name, order: recorded(order) });
      },
      onTriggered: (order, _, timeUs) => events.push({ type: 'orderTriggered', timeUs, order: recorded(order) }),
      onAmendSent: (order, timeUs) => events.push({ type: 'amendIntended', timeUs, order }),
      onCancelSent: (orderId, timeUs) => events.push({ type: 'cancelIntended', timeUs, orderId }),
      onStopped(order, by, timeUs) {
        // One that goes on asking for what it does not get tells nothing new, nor does one that only watches yet.
        const isNew = by !== 'warm-up' && by !== lastStopped.get(order.side);
        lastStopped.set(order.side, by);
        if (isNew) events.push({ type: 'orderStopped', timeUs, by, order: recorded(order) });
      },
      onEnd: (orderId, end, code, timeUs) => events.push({ type: 'orderClosed', timeUs, orderId, end, code }),
    },
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

/** At most 36 characters, as the exchange wants them: the same whenever the session is run again. */
export function clientOrderId(session: string, orderId: number): string {
  return `don-${session}-${orderId}`;
}

/** As JSON has it. */
export function recorded<Of extends object>(order: Of): Recorded<Of> {
  const pairs = Object.entries(order).map(([name, value]) => [name, Number.isNaN(value) ? null : value]);
  return Object.fromEntries(pairs) as Recorded<Of>;
}
