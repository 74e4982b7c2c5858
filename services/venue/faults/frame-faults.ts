import { random } from '../../../operators/random.ts';
import { corrupt } from './corrupt.ts';
import { type FrameFault, globPattern } from './rules.ts';

/** What becomes of a frame: none, one or several of these. */
export interface Outcome {
  readonly payload: string;
  readonly delayMs: number;
  readonly mangle?: (frame: string) => string | Buffer;
}

interface ActiveRule {
  readonly fault: FrameFault;
  readonly pattern: RegExp;
  seen: number;
  touched: number;
  /** The frames that a swap holds back, by stream. */
  readonly held: Map<string, string>;
}

/** The faults of frames, in the order in which they were asked for; each sees what the one before let through. */
export interface FrameFaults {
  readonly isActive: () => boolean;
  readonly add: (id: number, fault: FrameFault) => void;
  readonly remove: (id: number) => void;
  /** Milliseconds added to the event time `E` of every frame. */
  readonly setSkew: (skewMs: number) => void;
  readonly skewMs: () => number;
  /** Frames that a rule has touched so far. */
  readonly touched: (id: number) => number;
  readonly apply: (stream: string, payload: string) => Outcome[];
}

export function frameFaults(seed: number): FrameFaults {
  const rules = new Map<number, ActiveRule>();
  const rng = random(seed);
  let skewMs = 0;

  const isTouched = (rule: ActiveRule): boolean => {
    const { fault } = rule;
    if (fault.kind === 'silence') return true;
    rule.seen++;
    const count = fault.count ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY);
    if (rule.seen <= fault.after || rule.touched >= count) return false;
    return fault.probability === undefined || rng.uniform() < fault.probability;
  };

  const applyRule = (rule: ActiveRule, stream: string, outcome: Outcome): Outcome[] => {
    const { fault } = rule;
    const held = rule.held.get(stream);
    if (held !== undefined) {
      rule.held.delete(stream);
      return [outcome, { payload: held, delayMs: 0 }];
    }
    if (!isTouched(rule)) return [outcome];
    rule.touched++;
    switch (fault.kind) {
      case 'silence':
      case 'drop':
        return [];
      case 'duplicate':
        return [outcome, outcome];
      case 'delay':
        return [{ ...outcome, delayMs: outcome.delayMs + fault.delayMs }];
      case 'corrupt':
        return [{ ...outcome, ...corrupt(outcome.payload, fault.how) }];
      case 'swap':
        rule.held.set(stream, outcome.payload);
        return [];
    }
  };

  return {
    isActive: () => rules.size > 0 || skewMs !== 0,
    add: (id, fault) => {
      rules.set(id, { fault, pattern: globPattern(fault.stream), seen: 0, touched: 0, held: new Map() });
    },
    remove: (id) => void rules.delete(id),
    setSkew: (ms) => {
      skewMs = ms;
    },
    skewMs: () => skewMs,
    touched: (id) => rules.get(id)?.touched ?? 0,
    apply: (stream, payload) => {
      const skewed =
        skewMs === 0 ? payload : payload.replace(/"E":(\d+)/, (_all, time: string) => `"E":${Number(time) + skewMs}`);
      let outcomes: Outcome[] = [{ payload: skewed, delayMs: 0 }];
      for (const rule of rules.values()) {
        if (rule.pattern.test(stream)) outcomes = outcomes.flatMap((outcome) => applyRule(rule, stream, outcome));
      }
      return outcomes;
    },
  };
}
