import { type Attribution, sumOfAttributions } from './attribution.ts';
import {
  averageOf,
  type Comparison,
  comparisonWith,
  type Figures,
  figuresOf,
  middleOf,
  totalReturn,
} from './figures.ts';
import type { Looks } from './look.ts';
import { lookedAt } from './looked-at.ts';
import { type Luck, luckOf } from './luck.ts';
import type { Outcome, SpanEvaluation } from './span-evaluation.ts';

/** One agent, one rule, or the average of the agents. */
export interface OutcomeReport {
  readonly name: string;
  readonly costed: Figures;
  readonly costless: Figures;
  /** Quote asset; of the average its mean. */
  readonly attribution: Attribution;
  readonly filled: number;
  readonly liquidations: number;
  /** Of periods, with costs. */
  readonly returns: readonly number[];
}

/** What a span says of agents that have learned nothing of it. */
export interface SpanReport {
  readonly fromMs: number;
  readonly toMs: number;
  readonly periodMs: number;
  readonly agents: readonly OutcomeReport[];
  /** Of the agents' returns, period by period. */
  readonly average: OutcomeReport;
  readonly rules: readonly OutcomeReport[];
  /** The agents' own decisions at other times. */
  readonly random: {
    /** Of the middle one of the tries, by what it gained: their mean is steadier than any of them. */
    readonly figures: Figures;
    readonly tries: number;
    /** Tries in which the average gained as much as at its own time, or more. */
    readonly asGood: number;
    /** (asGood + 1) ÷ (tries + 1). */
    readonly pValue: number;
  };
  /** Of the average, with costs: with flat, holding, the mean of the tries at other times, and the simple rule. */
  readonly comparisons: readonly Comparison[];
  /** The same without costs, with flat. */
  readonly beforeCosts: Comparison;
  /** Of the average, where features come late. */
  readonly delays: readonly DelayReport[];
  readonly luck: Luck;
}

export interface DelayReport {
  readonly bars: number;
  readonly costed: Figures;
  readonly costless: Figures;
  /** Without costs: what is lost by the delay. */
  readonly loss: Comparison;
}

/** What was looked at beside what is judged now. */
export interface TriedBefore {
  /** Of each agent, see `trialOf`. */
  readonly trials?: readonly string[] | undefined;
  /** Nothing where it is not said. */
  readonly looks?: Looks | undefined;
  /** Configurations that `looks` knows nothing of; 0 where it is not said. */
  readonly tried?: number | undefined;
}

export function spanReport(evaluation: SpanEvaluation, { trials, looks, tried }: TriedBefore = {}): SpanReport {
  const { fromMs, toMs, periodMs, agents, rules } = evaluation;
  const costed = averageOf(agents.map((agent) => agent.costed));
  const costless = averageOf(agents.map((agent) => agent.costless));
  const tries = agents[0]!.turned.map((_, k) => averageOf(agents.map(({ turned }) => turned[k]!)));
  const nothing = costed.map(() => 0);
  const middle = tries[middleOf(tries)] ?? nothing;
  const others = new Map(rules.map((rule) => [rule.name, rule.costed]));
  // Their mean has the least chance in it: what is compared is what timing gains on average.
  if (tries.length > 0) others.set('random', averageOf(tries));
  const attributions = agents.map(({ attribution }) => attribution);
  const meanAttribution = Object.fromEntries(
    Object.entries(sumOfAttributions(attributions)).map(([name, value]) => [name, value / agents.length]),
  ) as unknown as Attribution;
  const report = (outcome: Outcome): OutcomeReport => {
    const { name, attribution, filled, liquidations } = outcome;
    const own = { costed: figuresOf(outcome.costed, periodMs), costless: figuresOf(outcome.costless, periodMs) };
    return { name, ...own, attribution, filled, liquidations, returns: outcome.costed };
  };
  const mean = (of: (outcome: Outcome) => number): number =>
    agents.reduce((sum, one) => sum + of(one), 0) / agents.length;
  const asGood = tries.filter((returns) => totalReturn(returns) >= totalReturn(costed)).length;
  return {
    fromMs,
    toMs,
    periodMs,
    agents: agents.map(report),
    average: report({
      name: 'average',
      costed,
      costless,
      attribution: meanAttribution,
      filled: mean(({ filled }) => filled),
      liquidations: mean(({ liquidations }) => liquidations),
    }),
    rules: rules.map(report),
    random: {
      figures: figuresOf(middle, periodMs),
      tries: tries.length,
      asGood,
      pValue: (asGood + 1) / (tries.length + 1),
    },
    comparisons: [...others].map(([name, other]) => comparisonWith(name, costed, other, periodMs)),
    beforeCosts: comparisonWith('flat', costless, nothing, periodMs),
    delays: agents[0]!.delayed.map(({ bars }, k) => {
      const late = averageOf(agents.map(({ delayed }) => delayed[k]!.costless));
      return {
        bars,
        costed: figuresOf(averageOf(agents.map(({ delayed }) => delayed[k]!.costed)), periodMs),
        costless: figuresOf(late, periodMs),
        loss: comparisonWith(`${bars} late`, costless, late, periodMs),
      };
    }),
    luck: luckOf(
      agents.map((agent) => agent.costed),
      lookedAt({ fromMs, toMs, periodMs, trials, agents: agents.length, periods: costed.length }, looks, tried),
    ),
  };
}
