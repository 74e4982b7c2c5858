import type { SessionOpened, SessionSettings } from '../../../operators/ledger/ledger-event.ts';
import { DEFAULT_RISK_LIMITS, saidLimits } from '../../../operators/risk/risk-limits.ts';
import type { Entry } from '../../../streams/entry.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';

/** Half quiet, half with faults. */
export function madeEntries(events: number): Entry[] {
  return entriesOf(madeMarket({ seed: 61, events, quietEvents: events / 2, snapshotEvery: 60 }), [5, 1, 9]);
}

export function madeSettings(instrument: string, settings: Partial<SessionSettings> = {}): SessionSettings {
  return {
    mode: 'paper',
    instrument,
    strategy: 'market-maker',
    parameters: { everyMs: 100, halfSpreadBps: 0, skewBps: 1, qty: 0.01, maxQty: 0.05 },
    queue: 'risk-averse',
    latency: '2,2,0.5',
    seed: 1,
    balance: 10_000,
    leverage: 5,
    feeTier: 0,
    limits: saidLimits({ ...DEFAULT_RISK_LIMITS, maxBookAgeMs: 60_000 }),
    ...settings,
  };
}

/** A session of made entries that trades from entry number `tradesFrom` on. */
export function madeOpening(
  entries: readonly Entry[],
  settings: SessionSettings,
  { tradesFrom = 0, strategyHash = '0', isHalted = false } = {},
): SessionOpened {
  return {
    type: 'sessionOpened',
    session: '0123456789ab',
    timeMs: 0,
    commandId: null,
    isHalted,
    settings,
    strategyHash,
    simulator: '',
    fromEntryId: entries[0]!.entryId,
    tradesFromUs: entries[Math.floor(tradesFrom)]!.events[0]!.receiveTimeUs,
    skewUs: 0,
    tickSize: '0.10',
    stepSize: '0.001',
  };
}
