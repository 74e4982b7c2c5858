import { meanOf } from '../../../operators/performance/moments.ts';
import { openPolicy, type PolicyData } from '../algorithms/policy.ts';
import { averageOf, comparisonWith, figuresOf } from '../evaluate/figures.ts';
import { type Judgement, judge } from '../run/judge.ts';
import { bookRules, passOfRule, turnedPasses } from './book-baselines.ts';
import type { BookData } from './book-data.ts';
import type { BookPart } from './book-part.ts';
import { type BookPass, passOverBook } from './book-pass.ts';
import type { BookFigures, BookJudgement } from './book-report.ts';

/** How often an agent's decisions are tried at other times. */
const TRIES = 10;

/**
 * Lets each policy decide greedily over the test part, once, beside rules and its own decisions at other times.
 * @param policies by seed
 */
export function judgeBook(data: BookData, policies: ReadonlyMap<number, PolicyData>): BookJudgement {
  const agents = [...policies].map(([seed, policy]) => {
    const decide = openPolicy(policy);
    const pass = passOverBook(data, data.test, decide);
    const tried = turnedPasses(data, `seed ${seed}`, pass, TRIES);
    // A network with a memory begins each part with nothing.
    decide.reset();
    const trained = judged(`seed ${seed}, trained on`, passOverBook(data, data.train, decide), data.train);
    const tested = judged(`seed ${seed}`, pass, data.test);
    return { seed, pass, trained, tested, turned: tried.map((one) => judged('random', one, data.test)) };
  });
  const rules = bookRules(data.config).map((rule) => judged(rule.name, passOfRule(data, rule), data.test));
  const { periodMs } = rules[0]!;
  // All passes have equally many; after a ruin there is nothing more to lose.
  const count = Math.max(...[...agents.map(({ tested }) => tested), ...rules].map(({ returns }) => returns.length));
  const whole = ({ returns }: Judgement): number[] => Array.from({ length: count }, (_, n) => returns[n] ?? 0);
  const average = averageOf(agents.map(({ tested }) => whole(tested)));
  const turns = Array.from({ length: TRIES }, (_, k) => averageOf(agents.map(({ turned }) => whole(turned[k]!))));
  const random = averageOf(turns);
  const own = figuresOf(average, periodMs).total;
  return {
    periodMs,
    seeds: agents.map(({ seed, trained, tested }) => ({ seed, trained: figures(trained), tested: figures(tested) })),
    average: meanFigures(
      'average',
      average,
      periodMs,
      agents.map(({ tested }) => tested),
    ),
    rules: rules.map(figures),
    random: {
      ...meanFigures(
        'random',
        random,
        periodMs,
        agents.flatMap(({ turned }) => turned),
      ),
      tries: TRIES,
      asGood: turns.filter((returns) => figuresOf(returns, periodMs).total >= own).length,
    },
    comparisons: [
      ...rules.map((rule) => comparisonWith(rule.name, average, whole(rule), periodMs)),
      comparisonWith('random', average, random, periodMs),
    ],
    validShare: agents[0]!.pass.validShare,
  };
}

function judged(name: string, pass: BookPass, part: BookPart): Judgement {
  return judge(name, pass, part);
}

function figures({ returns: _, aboveHolding: __, ...rest }: Judgement): BookFigures {
  return rest;
}

/** Of returns that are means of several passes, period by period. */
function meanFigures(
  name: string,
  returns: readonly number[],
  periodMs: number,
  of: readonly Judgement[],
): BookFigures {
  const { total, sharpe, sharpeInterval, maxDrawdown } = figuresOf(returns, periodMs);
  const mean = (field: 'fees' | 'funding' | 'filled' | 'liquidations'): number => meanOf(of.map((one) => one[field]));
  return {
    name,
    total,
    sharpe,
    sharpeInterval,
    maxDrawdown,
    periodMs,
    fees: mean('fees'),
    funding: mean('funding'),
    filled: mean('filled'),
    liquidations: mean('liquidations'),
  };
}
