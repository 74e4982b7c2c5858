import type { FaultRegistry } from '../faults/registry.ts';
import type { MarketSource } from '../market-source.ts';
import type { PrivateSide } from '../private/private-side.ts';
import type { RestHandler } from '../rest/handler.ts';
import type { WeightBudget } from '../rest/weight.ts';
import type { Delivery } from '../ws/delivery.ts';
import type { Gateway } from '../ws/gateway.ts';
import { classOf } from '../ws/path-class.ts';

/** The parts whose state `/control/state` shows. */
export interface VenueParts {
  readonly source: MarketSource;
  readonly delivery: Delivery;
  readonly gateway: Gateway;
  readonly rest: RestHandler;
  readonly weight: WeightBudget;
  readonly faults: FaultRegistry;
  readonly side: PrivateSide;
  readonly clockMs: () => number;
}

/** Everything the venue has sent and suffered, to be compared with what a recorder has. */
export interface VenueState {
  readonly source: Record<string, unknown>;
  readonly symbols: readonly string[];
  readonly clockMs: number;
  /** By stream name: frames made, messages sent, and the ids in the last payload sent. */
  readonly streams: Readonly<Record<string, { made: number; sent: number; last: LastIds }>>;
  readonly connections: readonly ConnectionState[];
  readonly handshakes: { readonly accepted: number; readonly refused: number };
  readonly rest: {
    readonly usedWeight: number;
    readonly requests: Readonly<Record<string, number>>;
    readonly statuses: Readonly<Record<string, number>>;
  };
  readonly faults: ReturnType<FaultRegistry['list']>;
  readonly accounts: readonly AccountSummary[];
}

/** An account as `/control/state` shows it; amounts in 1e-8 USDT. */
export interface AccountSummary {
  readonly name: string;
  readonly walletE8: number;
  readonly openOrders: number;
  readonly orders: number;
  readonly trades: number;
}

/** Source sequences as architecture.md names them; absent where the payload has none. */
export interface LastIds {
  readonly sequence?: number;
  readonly eventTimeMs?: number;
}

export interface ConnectionState {
  readonly id: number;
  readonly path: string;
  readonly isCombined: boolean;
  readonly isHalfOpen: boolean;
  readonly openedAtMs: number;
  readonly streams: readonly string[];
  /** Subscribed and acknowledged here, but delivered on another path only. */
  readonly misplacedStreams: readonly string[];
  readonly framesSent: number;
  readonly messagesReceived: number;
}

export function venueState(parts: VenueParts): VenueState {
  const { source, delivery, gateway, rest, weight, faults } = parts;
  return {
    source: { kind: source.kind, ...source.state() },
    symbols: source.instruments.map(({ symbol }) => symbol),
    clockMs: Math.floor(parts.clockMs()),
    streams: Object.fromEntries(
      [...delivery.tallies].map(([stream, { made, sent, lastPayload }]) => [
        stream,
        { made, sent, last: lastIds(lastPayload) },
      ]),
    ),
    connections: [...gateway.connections].map((target) => ({
      id: target.id,
      path: target.path,
      isCombined: target.isCombined,
      isHalfOpen: target.isHalfOpen,
      openedAtMs: target.openedAtMs,
      streams: [...target.streams],
      misplacedStreams: [...target.streams].filter((stream) => classOf(stream) !== target.path),
      framesSent: target.framesSent,
      messagesReceived: target.messagesReceived,
    })),
    handshakes: { ...gateway.handshakes },
    rest: {
      usedWeight: weight.used(),
      requests: Object.fromEntries(rest.tally.requests),
      statuses: Object.fromEntries(rest.tally.statuses),
    },
    faults: faults.list(),
    accounts: [...parts.side.accounts.values()].map((account) => ({
      name: account.name,
      walletE8: account.state.walletE8,
      openOrders: account.open.size,
      orders: account.orders.size,
      trades: account.trades.length,
    })),
  };
}

function lastIds(payload: string): LastIds {
  const sequence = /"[uat]":(\d+)/.exec(payload)?.[1];
  const eventTime = /"E": ?(\d+)/.exec(payload)?.[1];
  return {
    ...(sequence === undefined ? {} : { sequence: Number(sequence) }),
    ...(eventTime === undefined ? {} : { eventTimeMs: Number(eventTime) }),
  };
}
