import type { Connection } from '../ws/connection.ts';
import { type FrameFaults, frameFaults } from './frame-faults.ts';
import { type RestFaults, restFaults } from './rest-faults.ts';
import { type Fault, type FaultRequest, parseFault } from './rules.ts';
import { breakConnections, type SocketFaults, socketFaults } from './socket-faults.ts';

/** A fault that was asked for. */
export interface FaultReport {
  readonly id: number;
  readonly fault: Fault;
  /** Frames, handshakes, requests or connections that it has spoiled so far. */
  readonly touched: number;
}

/** Every fault of the venue, in one numbered list. */
export interface FaultRegistry {
  readonly frames: FrameFaults;
  readonly sockets: SocketFaults;
  readonly rest: RestFaults;
  /** @throws RangeError naming each wrong field. */
  readonly add: (request: FaultRequest | unknown) => FaultReport;
  /** False when there is no such fault. */
  readonly remove: (id: number) => boolean;
  readonly clear: () => void;
  readonly list: () => FaultReport[];
  /** `exchangeInfo` with the fields that faults have changed. */
  readonly overrideInfo: (info: Record<string, unknown>) => Record<string, unknown>;
}

/** @param onStale called when a stale snapshot is asked for, to take today's as tomorrow's. */
export function faultRegistry(
  seed: number,
  connections: () => Iterable<Connection>,
  onStale: () => void,
): FaultRegistry {
  const frames = frameFaults(seed);
  const sockets = socketFaults();
  const rest = restFaults();
  const active = new Map<number, { readonly fault: Fault; readonly touched: () => number; readonly end: () => void }>();
  let nextId = 1;

  const begin = (id: number, fault: Fault): { touched: () => number; end: () => void } => {
    switch (fault.kind) {
      case 'drop':
      case 'duplicate':
      case 'swap':
      case 'corrupt':
      case 'delay':
      case 'silence':
        frames.add(id, fault);
        return { touched: () => frames.touched(id), end: () => frames.remove(id) };
      case 'clock-skew':
        frames.setSkew(fault.skewMs);
        return { touched: () => 0, end: () => frames.setSkew(0) };
      case 'refuse':
        sockets.add(id, fault);
        return { touched: () => sockets.touched(id), end: () => sockets.remove(id) };
      case 'rest':
        if (fault.answer === 'stale-snapshot') onStale();
        rest.add(id, fault);
        return { touched: () => rest.touched(id), end: () => rest.remove(id) };
      case 'cut':
      case 'half-open': {
        const broken = breakConnections(connections(), fault);
        return { touched: () => broken, end: () => {} };
      }
      case 'instrument':
        return { touched: () => 0, end: () => {} };
    }
  };
  const report = (id: number): FaultReport => {
    const entry = active.get(id);
    if (entry === undefined) throw new RangeError(`id: no fault ${id}`);
    return { id, fault: entry.fault, touched: entry.touched() };
  };
  const remove = (id: number): boolean => {
    active.get(id)?.end();
    return active.delete(id);
  };

  return {
    frames,
    sockets,
    rest,
    add: (request) => {
      const fault = parseFault(request);
      const id = nextId++;
      active.set(id, { fault, ...begin(id, fault) });
      return report(id);
    },
    remove,
    clear: () => {
      for (const id of [...active.keys()]) remove(id);
    },
    list: () => [...active.keys()].map(report),
    overrideInfo: (info) => {
      for (const { fault } of active.values()) {
        if (fault.kind === 'instrument') overrideSymbol(info['symbols'] as Record<string, unknown>[], fault);
      }
      return info;
    },
  };
}

function overrideSymbol(symbols: Record<string, unknown>[], fault: Extract<Fault, { kind: 'instrument' }>): void {
  const found = symbols.find((info) => info['symbol'] === fault.symbol);
  if (found === undefined) return;
  if (fault.status !== undefined) found['status'] = fault.status;
  if (fault.tickSize === undefined) return;
  for (const filter of found['filters'] as Record<string, unknown>[]) {
    if (filter['filterType'] === 'PRICE_FILTER') filter['tickSize'] = fault.tickSize;
  }
}
