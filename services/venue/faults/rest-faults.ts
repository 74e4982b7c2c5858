import type { ServedRequest } from '../rest/served-request.ts';
import { globPattern, type RestFault } from './rules.ts';

/** Faulty answers of the REST side. */
export interface RestFaults {
  readonly add: (id: number, fault: RestFault) => void;
  readonly remove: (id: number) => void;
  readonly touched: (id: number) => number;
  /** The fault for this request, counted as used. */
  readonly take: (request: ServedRequest) => RestFault | undefined;
}

export function restFaults(): RestFaults {
  const rules = new Map<
    number,
    { readonly fault: RestFault; readonly pattern: RegExp; seen: number; touched: number }
  >();
  return {
    add: (id, fault) => void rules.set(id, { fault, pattern: globPattern(fault.path), seen: 0, touched: 0 }),
    remove: (id) => void rules.delete(id),
    touched: (id) => rules.get(id)?.touched ?? 0,
    take: ({ method, path, mayBeThrottled }) => {
      for (const rule of rules.values()) {
        const { fault } = rule;
        if (!rule.pattern.test(path) || (fault.method ?? method) !== method) continue;
        // What makes a position smaller, or takes an order away, is let through an overload.
        if (fault.answer === 'overload' && !mayBeThrottled) continue;
        if (rule.seen++ < fault.after || rule.touched >= (fault.count ?? 1)) continue;
        rule.touched++;
        return fault;
      }
      return undefined;
    },
  };
}
