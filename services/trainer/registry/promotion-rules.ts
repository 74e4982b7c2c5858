import { SetupError } from '../../../infra/setup-error.ts';
import { normalQuantile } from '../../../operators/performance/normal.ts';
import { decimal, percent } from '../../backtest/report/numbers.ts';
import type { TestedFigures } from '../model/model.ts';
import { MODEL_PREFIX } from '../model/model-strategy.ts';
import { type ForwardTest, forwardSum } from './forward-test.ts';
import { type ModelRecord, modelTitle, type TradingStage } from './model-record.ts';

/** A rule that a model does not keep. */
export interface BrokenRule {
  readonly rule: string;
  readonly expected: string;
  readonly found: string;
}

/** Rules that a model breaks, so that it stays where it is. */
export class PromotionRefused extends SetupError {
  readonly broken: readonly BrokenRule[];

  constructor(title: string, to: TradingStage, broken: readonly BrokenRule[]) {
    const rules = broken.map(({ rule, expected, found }) => `${rule}: expected ${expected}, found ${found}`);
    super(`${title} stays as it is, for it breaks rules of ${to}: ${rules.join('; ')}`);
    this.broken = broken;
  }
}

/** The figures that a promotion rests on, kept with it. */
export interface PromotionEvaluation {
  readonly tested: TestedFigures | null;
  /** Models of the name that were tested on the same candles, this one too: the more there are, the luckier the best. */
  readonly tries: number;
  readonly forward: ForwardTest | null;
  /** Rules that were not kept, and overridden. */
  readonly overridden: readonly BrokenRule[];
}

/** What the rules look at. */
export interface PromotionCase {
  readonly record: ModelRecord;
  readonly to: TradingStage;
  readonly tries: number;
  readonly forward: ForwardTest | null;
  /** When it came to paper last, ms since the epoch; null: never. */
  readonly onPaperSinceMs: number | null;
  readonly nowMs: number;
}

/** Each hour of the week has been traded once, and funding has been paid 21 times. */
export const FORWARD_DAYS_MIN = 7;
export const FORWARD_DECISIONS_MIN = 100;
const DAY_MS = 86_400_000;
/** Of a two-sided 95 % interval, standard deviations. */
const INTERVAL_WIDTH = normalQuantile(0.975);

/** The rules that a model breaks; none: it may be promoted. */
export function brokenRules(promotion: PromotionCase): BrokenRule[] {
  const { to } = promotion;
  return [...testRules(promotion), ...(to === 'live' ? liveRules(promotion) : [])].flatMap(
    ([rule, isKept, expected, found]) => (isKept ? [] : [{ rule, expected, found }]),
  );
}

type Rule = readonly [rule: string, isKept: boolean, expected: string, found: string];

/** What paper money asks for: a fair test that it came out of alive, and not worse than doing nothing. */
function testRules({ record: { tested, train, test } }: PromotionCase): Rule[] {
  const figures = tested.model as TestedFigures | undefined;
  if (figures === undefined) return [['tested', false, 'figures of a test', 'none']];
  const flat = tested.baselines.find(({ name }) => name === 'flat')?.total ?? 0;
  return [
    [
      'tested-later',
      test.fromMs >= train.toMs,
      `a test from ${day(train.toMs)} on, where the training ends`,
      day(test.fromMs),
    ],
    ['traded', figures.filled > 0, 'at least one order filled in the test', String(figures.filled)],
    ['survived', figures.liquidations === 0, 'no liquidation in the test', String(figures.liquidations)],
    [
      'better-than-flat',
      figures.total > flat,
      `a tested return above ${share(flat)}, that of never trading`,
      share(figures.total),
    ],
  ];
}

/** What real money asks for beside: an edge that is no luck, and trading that was watched. */
function liveRules(promotion: PromotionCase): Rule[] {
  const { record, tries, forward, onPaperSinceMs, nowMs } = promotion;
  const low = adjustedLow(record.tested.model, tries);
  const among = tries === 1 ? '' : `, the best of ${tries} tested on the same candles`;
  const rules: Rule[] = [
    [
      'edge',
      low !== null && low > 0,
      `a 95 % interval of the tested Sharpe ratio${among} above 0`,
      low === null ? 'none' : `one from ${decimal(low)}`,
    ],
    ['on-paper', record.stage === 'paper', 'a model that is on paper', record.stage],
  ];
  if (forward === null)
    return [...rules, ['forward-test', false, 'its paper trading by --account NAME, run again', 'none']];
  const { fromMs, toMs, tradedMs, decisions, differences, unverified, fills, liquidations, total } =
    forwardSum(forward);
  const days = tradedMs / DAY_MS;
  const lost = -total;
  const most = (record.tested.model as TestedFigures | undefined)?.maxDrawdown ?? 0;
  return [
    ...rules,
    [
      'forward-begin',
      onPaperSinceMs !== null && fromMs >= onPaperSinceMs,
      onPaperSinceMs === null
        ? 'a forward test since it came to paper'
        : `a forward test from ${day(onPaperSinceMs)} on, since it is on paper`,
      day(fromMs),
    ],
    ['forward-end', toMs <= nowMs, `a forward test that has ended by ${day(nowMs)}`, day(toMs)],
    [
      'forward-days',
      days >= FORWARD_DAYS_MIN,
      `at least ${FORWARD_DAYS_MIN} days in sessions that can be run again and were not halted`,
      `${days.toFixed(2)}${unverified === 0 ? '' : `, beside ${unverified} that cannot`}`,
    ],
    [
      'forward-decisions',
      decisions >= FORWARD_DECISIONS_MIN,
      `at least ${FORWARD_DECISIONS_MIN} decisions recomputed from the log`,
      String(decisions),
    ],
    ['forward-verified', differences === 0, 'each of them the same as it was', `${differences} that differ`],
    ['forward-traded', fills > 0, 'at least one fill on paper', String(fills)],
    ['forward-survived', liquidations === 0, 'no liquidation on paper', String(liquidations)],
    [
      'forward-loss',
      lost <= most,
      `a loss of all sessions together of at most ${share(most)}, the deepest drawdown of its test`,
      share(lost),
    ],
  ];
}

/**
 * Lower end of the 95 % interval of the Sharpe ratio of the best of so many tries, by Bonferroni: each may err by 5 % ÷ tries.
 * null: there is no interval.
 */
export function adjustedLow(
  figures: Pick<TestedFigures, 'sharpe' | 'sharpeInterval'> | undefined,
  tries: number,
): number | null {
  const { sharpe = null, sharpeInterval = null } = figures ?? {};
  if (sharpe === null || sharpeInterval === null) return null;
  return sharpe - ((sharpe - sharpeInterval.low) * normalQuantile(1 - 0.025 / tries)) / INTERVAL_WIDTH;
}

/** Why an evaluation says nothing of a model; undefined: it is of this one. */
export function foreignTo({ id, instrument, ...record }: ModelRecord, forward: ForwardTest): string | undefined {
  const own = `${MODEL_PREFIX}${id}`;
  if (forward.strategy !== own)
    return `evaluation/strategy: expected ${own}, which is ${modelTitle(record)}, found ${forward.strategy}`;
  if (forward.instrument !== instrument)
    return `evaluation/instrument: expected ${instrument}, found ${forward.instrument}`;
  return undefined;
}

function day(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}

function share(value: number): string {
  return percent(value, 2);
}
