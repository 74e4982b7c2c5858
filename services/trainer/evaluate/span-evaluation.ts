import { periodReturns, usualPeriodMs } from '../../../operators/performance/period-returns.ts';
import { openPolicy, type PolicyData } from '../algorithms/policy.ts';
import type { BarData, Span } from '../run/bar-data.ts';
import { baselines } from '../run/baselines.ts';
import type { Decide, Pass } from '../run/pass.ts';
import { delayedFeatures } from './altered-data.ts';
import { type Attribution, attributionOf, sumOfAttributions } from './attribution.ts';
import { circularShifts } from './circular-shifts.ts';
import { costlessPass, decisionsOf, recordedPass } from './recorded-pass.ts';

/** Returns of a span's periods, as shares, with all costs and of the same decisions without. */
export interface Returns {
  readonly costed: readonly number[];
  readonly costless: readonly number[];
}

/** What came of someone's decisions over a span. */
export interface Outcome extends Returns {
  readonly name: string;
  readonly attribution: Attribution;
  readonly filled: number;
  readonly liquidations: number;
}

export interface AgentOutcome extends Outcome {
  /** Of its decisions in the same order from another time on, with all costs: the same turnover, and nothing known. */
  readonly turned: readonly (readonly number[])[];
  /** Where it observes features so many candles late. */
  readonly delayed: readonly ({ readonly bars: number } & Returns)[];
}

/** Agents and rules over one span, or over several that follow each other. */
export interface SpanEvaluation {
  readonly fromMs: number;
  readonly toMs: number;
  readonly periodMs: number;
  readonly agents: readonly AgentOutcome[];
  readonly rules: readonly Outcome[];
}

export interface NamedPolicy {
  readonly name: string;
  readonly policy: PolicyData;
}

export interface SpanOptions {
  /** Of the returns; the longest usual one where it is not said. */
  readonly periodMs?: number;
  /** How often an agent's decisions are tried at other times; 20 where it is not said. */
  readonly turns?: number;
  /** Candles that features come late; one candle and a day where it is not said. */
  readonly delays?: readonly number[];
}

const TURNS = 20;
const DAY_MS = 86_400_000;
/** Where a day is no more than some candles. */
const LATE_BARS_MIN = 10;

/**
 * What policies are worth over a span, without training: with and without costs, at other times, with features that come
 * late, and beside flat, holding and a simple rule. The data's normalisation must be the one that the policies have learned with.
 */
export function evaluateSpan(
  data: BarData,
  span: Span,
  policies: readonly NamedPolicy[],
  options: SpanOptions = {},
): SpanEvaluation {
  const { intervalMs } = data.bars;
  const lateBars = Math.max(LATE_BARS_MIN, Math.round(DAY_MS / intervalMs));
  const { periodMs = usualPeriodMs(span.toMs - span.fromMs), turns = TURNS, delays = [1, lateBars] } = options;
  const returnsOf = spanReturns(span, periodMs);
  const shifts = circularShifts(span.fromMs, turns);
  const agents = policies.map(({ name, policy }): AgentOutcome => {
    const pass = recordedPass(data, span, openPolicy(policy));
    const turned = shifts(pass.actions.length).map((by) => returnsOf(recordedPass(data, span, decisionsOf(pass, by))));
    const delayed = delays.map((bars) => {
      const late = delayedFeatures(data, bars);
      const pass = recordedPass(late, span, openPolicy(policy));
      return { bars, costed: returnsOf(pass), costless: returnsOf(costlessPass(late, span, pass)) };
    });
    return { ...outcomeOf(data, span, name, returnsOf, pass), turned, delayed };
  });
  const rules = baselines(data, 0)
    // What is random here has the agent's own turnover.
    .filter(({ name }) => name !== 'random')
    .map(({ name, decide }) => outcomeOf(data, span, name, returnsOf, recordedPass(data, span, decide as Decide)));
  return { ...span, periodMs, agents, rules };
}

/** Spans with the same periods, agents and rules, one after the other. */
export function joinedSpans(parts: readonly SpanEvaluation[]): SpanEvaluation {
  const [first] = parts;
  const joinedLists = (lists: readonly (readonly number[])[]): readonly number[] => lists.flat();
  const joinedReturns = (each: readonly Returns[]): Returns => ({
    costed: joinedLists(each.map(({ costed }) => costed)),
    costless: joinedLists(each.map(({ costless }) => costless)),
  });
  const joined = (each: readonly Outcome[]): Outcome => ({
    name: each[0]!.name,
    ...joinedReturns(each),
    attribution: sumOfAttributions(each.map(({ attribution }) => attribution)),
    filled: each.reduce((sum, { filled }) => sum + filled, 0),
    liquidations: each.reduce((sum, { liquidations }) => sum + liquidations, 0),
  });
  return {
    fromMs: first!.fromMs,
    toMs: parts.at(-1)!.toMs,
    periodMs: first!.periodMs,
    agents: first!.agents.map((agent, n) => {
      const same = parts.map(({ agents }) => agents[n]!);
      return {
        ...joined(same),
        turned: agent.turned.map((_, k) => joinedLists(same.map(({ turned }) => turned[k]!))),
        delayed: agent.delayed.map(({ bars }, k) => ({ bars, ...joinedReturns(same.map((one) => one.delayed[k]!)) })),
      };
    }),
    rules: first!.rules.map((_, n) => joined(parts.map(({ rules }) => rules[n]!))),
  };
}

type ReturnsOf = (pass: Pass) => readonly number[];

/** All passes over a span have equally many; after a ruin there is nothing more to lose. */
function spanReturns({ fromMs, toMs }: Span, periodMs: number): ReturnsOf {
  return ({ timesMs, equity }) => {
    const { returns } = periodReturns({ timesMs, values: equity }, { periodMs, fromMs, toMs });
    const count = Math.ceil(toMs / periodMs) - Math.floor(fromMs / periodMs);
    return Array.from({ length: count }, (_, n) => returns[n] ?? 0);
  };
}

function outcomeOf(
  data: BarData,
  span: Span,
  name: string,
  returnsOf: ReturnsOf,
  pass: ReturnType<typeof recordedPass>,
): Outcome {
  return {
    name,
    costed: returnsOf(pass),
    costless: returnsOf(costlessPass(data, span, pass)),
    attribution: attributionOf(pass),
    filled: pass.filled,
    liquidations: pass.liquidations,
  };
}
