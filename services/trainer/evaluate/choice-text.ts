import { decimal, percent } from '../../backtest/report/numbers.ts';
import type { ChoiceLuck } from './choice-luck.ts';

/** What is said of the test span where a study chose. @param tried settings that it chose from */
export function chosenSentence(tried: number): string {
  return `The settings are those of ${tried} that were best on the validation span, and were tested once.`;
}

/** How far a choice by the validation span can be trusted, in a sentence. @param what it was chosen among */
export function choiceSentence({ of, effective, overfitting, deflatedSharpe }: ChoiceLuck, what: string): string {
  const among = `The best of ${decimal(of, 0)} ${what}`;
  if (of < 2) return `${among}: there was no choice.`;
  if (deflatedSharpe === null) return `${among} never traded: there is no luck to judge.`;
  const worth = `on the validation span a deflated Sharpe ratio of ${decimal(deflatedSharpe)}, since they are worth ${decimal(effective, 1)} independent ones`;
  if (overfitting === null) return `${among}: ${worth}; too few periods for a probability of backtest overfitting.`;
  const says = overfitting >= 0.5 ? 'which is best is luck' : 'what is better stays better more often than not';
  return `${among}: probability of backtest overfitting ${percent(overfitting, 0)}, ${says}; ${worth}.`;
}
