import { meanOf } from '../../../operators/performance/moments.ts';
import { openPolicy, type PolicyData } from '../algorithms/policy.ts';
import { averageOf, comparisonWith, figuresOf, middleOf, totalReturn } from '../evaluate/figures.ts';
import { type Judgement, judge } from '../run/judge.ts';
import { type BookOutcome, figures } from '../run/run-report.ts';
import type { JudgedSeed } from '../run/training.ts';
import { bookRules, passOfRule, turnedPasses } from './book-baselines.ts';
import type { BookData } from './book-data.ts';
import type { BookPart } from './book-part.ts';
import { type BookPass, passOverBook } from './book-pass.ts';

/** What a policy on a book is worth. Plain data. */
export interface JudgedOnBook extends JudgedSeed {
  /** Its own decisions over the test part, at other times. */
  readonly turned: readonly Judgement[];
  /** Share of the test's decisions at which the book was valid. */
  readonly validShare: number;
}

/** How often an agent's decisions are tried at other times. */
const TRIES = 10;

/** Lets a policy decide greedily over the test part, once, beside its own decisions at other times. */
export function judgeOnBook(data: BookData, seed: number, policy: PolicyData): JudgedOnBook {
  const decide = openPolicy(policy);
  const pass = passOverBook(data, data.test, decide);
  const turned = turnedPasses(data, pass, TRIES);
  // A network with a memory begins each part with nothing.
  decide.reset();
  return {
    trained: judged(`seed ${seed}, trained on`, passOverBook(data, data.train, decide), data.train),
    tested: judged(`seed ${seed}`, pass, data.test),
    turned: turned.map((one) => judged('random', one, data.test)),
    validShare: pass.validShare,
  };
}

/** Sets what the seeds come to on average beside rules and their own decisions at other times. */
export function compareOnBook(
  data: BookData,
  seeds: readonly JudgedOnBook[],
): { readonly baselines: readonly Judgement[]; readonly book: BookOutcome } {
  const rules = bookRules(data.config).map((rule) => judged(rule.name, passOfRule(data, rule), data.test));
  const average = meanJudgement(
    'average',
    seeds.map(({ tested }) => tested),
  );
  const tries = Array.from({ length: TRIES }, (_, k) => seeds.map(({ turned }) => turned[k]!));
  const returnsOfTries = tries.map((ofSeeds) => averageOf(ofSeeds.map(({ returns }) => returns)));
  // Their mean has the least chance in it: what is compared is what timing gains on average.
  const others = [...rules, { name: 'random', returns: averageOf(returnsOfTries) }];
  return {
    baselines: [...rules, meanJudgement('random', tries[middleOf(returnsOfTries)]!)],
    book: {
      average: figures(average),
      comparisons: others.map(({ name, returns }) => comparisonWith(name, average.returns, returns, average.periodMs)),
      tries: TRIES,
      asGood: returnsOfTries.filter((returns) => totalReturn(returns) >= average.total).length,
      validShare: seeds[0]!.validShare,
    },
  };
}

/** Holding is one of the rules, and holds what an agent may: beside the price alone nothing is compared. */
function judged(name: string, pass: BookPass, part: BookPart): Judgement {
  return { ...judge(name, pass, part), aboveHolding: null };
}

/** Of several passes over the same time: returns are their means, period by period. */
function meanJudgement(name: string, of: readonly Judgement[]): Judgement {
  const { periodMs } = of[0]!;
  const returns = averageOf(of.map((one) => one.returns));
  const { total, sharpe, sharpeInterval, maxDrawdown } = figuresOf(returns, periodMs);
  const mean = (field: 'fees' | 'funding' | 'filled' | 'liquidations'): number => meanOf(of.map((one) => one[field]));
  return {
    name,
    total,
    sharpe,
    sharpeInterval,
    maxDrawdown,
    aboveHolding: null,
    periodMs,
    returns,
    fees: mean('fees'),
    funding: mean('funding'),
    filled: mean('filled'),
    liquidations: mean('liquidations'),
  };
}
