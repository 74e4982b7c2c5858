import { meanOf } from '../../../operators/performance/moments.ts';
import { openPolicy, type PolicyData } from '../algorithms/policy.ts';
import { averageOf, comparisonWith, figuresOf } from '../evaluate/figures.ts';
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
  const turned = turnedPasses(data, `seed ${seed}`, pass, TRIES);
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
  const { periodMs } = rules[0]!;
  // All passes have equally many; after a ruin there is nothing more to lose.
  const count = Math.max(...[...seeds.map(({ tested }) => tested), ...rules].map(({ returns }) => returns.length));
  const whole = ({ returns }: Judgement): number[] => Array.from({ length: count }, (_, n) => returns[n] ?? 0);
  const ofSeeds = seeds.map(({ tested }) => tested);
  const average = meanJudgement('average', averageOf(ofSeeds.map(whole)), ofSeeds);
  const turns = Array.from({ length: TRIES }, (_, k) => averageOf(seeds.map(({ turned }) => whole(turned[k]!))));
  const ofTurns = seeds.flatMap(({ turned }) => turned);
  const baselines = [...rules, meanJudgement('random', averageOf(turns), ofTurns)];
  return {
    baselines,
    book: {
      average: figures(average),
      comparisons: baselines.map((other) => comparisonWith(other.name, average.returns, whole(other), periodMs)),
      tries: TRIES,
      asGood: turns.filter((returns) => figuresOf(returns, periodMs).total >= average.total).length,
      validShare: seeds[0]!.validShare,
    },
  };
}

/** Holding is one of the rules, and holds what an agent may: beside the price alone nothing is compared. */
function judged(name: string, pass: BookPass, part: BookPart): Judgement {
  return { ...judge(name, pass, part), aboveHolding: null };
}

/** Of returns that are means of several passes, period by period. */
function meanJudgement(name: string, returns: readonly number[], of: readonly Judgement[]): Judgement {
  const { periodMs } = of[0]!;
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
