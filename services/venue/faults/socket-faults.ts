import type { Connection } from '../ws/connection.ts';
import type { PathClass } from '../ws/path-class.ts';
import type { Fault, RefuseFault } from './rules.ts';

/** Refused handshakes. */
export interface SocketFaults {
  readonly add: (id: number, fault: RefuseFault) => void;
  readonly remove: (id: number) => void;
  readonly touched: (id: number) => number;
  /** How a handshake on this path is to be refused: an HTTP status, a bare reset, or not at all. */
  readonly refusal: (path: PathClass) => number | 'reset' | undefined;
}

export function socketFaults(): SocketFaults {
  const rules = new Map<number, { readonly fault: RefuseFault; touched: number }>();
  return {
    add: (id, fault) => void rules.set(id, { fault, touched: 0 }),
    remove: (id) => void rules.delete(id),
    touched: (id) => rules.get(id)?.touched ?? 0,
    refusal: (path) => {
      for (const rule of rules.values()) {
        const { fault } = rule;
        if (fault.path !== undefined && fault.path !== path) continue;
        if (rule.touched >= (fault.count ?? Number.POSITIVE_INFINITY)) continue;
        rule.touched++;
        return fault.how === 'reset' ? 'reset' : Number(fault.how);
      }
      return undefined;
    },
  };
}

/** Cuts or half-opens the connections that the fault names, all where it names none; returns how many. */
export function breakConnections(
  connections: Iterable<Connection>,
  fault: Extract<Fault, { kind: 'cut' | 'half-open' }>,
): number {
  let broken = 0;
  for (const target of [...connections]) {
    if (fault.path !== undefined && target.path !== fault.path) continue;
    if (fault.connection !== undefined && target.id !== fault.connection) continue;
    broken++;
    if (fault.kind === 'half-open') {
      target.isHalfOpen = true;
      // Nothing is read any more either: no pong, no answer to a close frame.
      target.socket.pause();
    } else if (fault.code === undefined) target.socket.terminate();
    else target.socket.close(fault.code);
  }
  return broken;
}
