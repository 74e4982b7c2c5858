import { periodsPerYear } from '../../../operators/performance/annualised.ts';
import { maxDrawdownOfReturns } from '../../../operators/performance/drawdown.ts';
import { activeReturns } from '../../../operators/performance/information-ratio.ts';
import { moments } from '../../../operators/performance/moments.ts';
import { probabilisticSharpeRatio } from '../../../operators/performance/probabilistic-sharpe-ratio.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { sortinoRatio } from '../../../operators/performance/sortino-ratio.ts';
import { volatility } from '../../../operators/performance/volatility.ts';
import { hash32, random } from '../../../operators/random.ts';
import { bootstrapFigures } from '../../backtest/report/bootstrap-figures.ts';
import type { WindowOutcome } from '../run-study.ts';
import type { Study } from '../study.ts';
import type { OutOfSample, TestSpan } from './study-report.ts';
import { variedOf } from './varied-of.ts';

/** The test spans as one: each goes on with what the one before left. */
export function outOfSample(study: Study, outcomes: readonly WindowOutcome[]): OutOfSample {
  const { periodMs } = study.settings;
  const perYear = periodsPerYear(periodMs);
  const spans = outcomes.map((outcome) => testSpan(study, outcome));
  const [returns, held, endsMs]: [number[], number[], number[]] = [[], [], []];
  for (const { window, test } of outcomes) {
    const count = Math.ceil((window.testToMs - window.testFromMs) / periodMs);
    for (let n = 0; n < count; n++) {
      // Where the strategy failed, nothing was done.
      returns.push(test.returns[n] ?? 0);
      held.push(test.held[n] ?? 0);
      endsMs.push(Math.min(window.testToMs, window.testFromMs + (n + 1) * periodMs));
    }
  }
  const hasHeld = outcomes.every(({ test }) => test.held.length > 0);
  const own = growth(returns);
  const { uniform } = random(hash32(study.id, 'study'));
  const periods = { periodMs, returns, endsMs, values: own, isRuined: own.some((value) => value <= 0) };
  const { level, meanReturn, sharpe, maxDrawdown, activeReturn } = bootstrapFigures({
    periods,
    held: hasHeld ? held : [],
    pnls: [],
    uniform,
  });
  return {
    fromMs: outcomes[0]!.window.testFromMs,
    toMs: outcomes.at(-1)!.window.testToMs,
    periods: returns.length,
    periodMs,
    total: own.at(-1)! - 1,
    mean: moments(returns).mean,
    sharpe: sharpeRatio(returns, perYear),
    sortino: sortinoRatio(returns, perYear),
    volatility: volatility(returns, perYear),
    maxDrawdown: maxDrawdownOfReturns(returns),
    probabilisticSharpe: probabilisticSharpeRatio(returns),
    fills: spans.reduce((sum, { figures }) => sum + (figures?.fills ?? 0), 0),
    liquidations: spans.reduce((sum, { figures }) => sum + (figures?.liquidations ?? 0), 0),
    holding: hasHeld ? growth(held).at(-1)! - 1 : null,
    meanActive: hasHeld ? moments(activeReturns(returns, held)).mean : null,
    intervals: { level, meanReturn, sharpe, maxDrawdown, activeReturn },
    spans,
    growth: { endsMs, own, held: hasHeld ? growth(held) : [] },
  };
}

function testSpan({ settings }: Study, { window, chosen, test }: WindowOutcome): TestSpan {
  return {
    fromMs: window.testFromMs,
    toMs: window.testToMs,
    parameters: variedOf(settings.space, chosen.point),
    figures: test.figures,
    failure: test.failure,
    holding: test.held.length === 0 ? null : growth(test.held).at(-1)! - 1,
  };
}

function growth(returns: readonly number[]): number[] {
  let value = 1;
  return returns.map((gain) => {
    value *= 1 + gain;
    return value;
  });
}
