import { globPattern, type RestFault } from './rules.ts';

/** Faulty answers of the REST side. */
export interface RestFaults {
  readonly add: (id: number, fault: RestFault) => void;
  readonly remove: (id: number) => void;
  readonly touched: (id: number) => number;
  /** The fault for this request, counted as used. */
  readonly take: (path: string) => RestFault | undefined;
}

export function restFaults(): RestFaults {
  const rules = new Map<number, { readonly fault: RestFault; readonly pattern: RegExp; touched: number }>();
  return {
    add: (id, fault) => void rules.set(id, { fault, pattern: globPattern(fault.path), touched: 0 }),
    remove: (id) => void rules.delete(id),
    touched: (id) => rules.get(id)?.touched ?? 0,
    take: (path) => {
      for (const rule of rules.values()) {
        if (!rule.pattern.test(path) || rule.touched >= (rule.fault.count ?? 1)) continue;
        rule.touched++;
        return rule.fault;
      }
      return undefined;
    },
  };
}
