import { decimal, percent } from '../../backtest/report/numbers.ts';
import type { WarmStartOutcome } from './warm-start.ts';

/** How well a seed's first policy was cloned, in a line. */
export function warmStartText(seed: number, outcome: WarmStartOutcome): string {
  const { strategy, heldOut, agreement, commonest, error, actingAgreement, actingError } = outcome;
  const { strategyTotal, shownTotal, clonedTotal } = outcome;
  const met =
    agreement === null
      ? `an error of ${decimal(error!, 3)} of the greatest position, and of ${decimal(actingError!, 3)} by itself`
      : `agrees with ${percent(agreement)}, and by itself with ${percent(actingAgreement!)} (its commonest action alone: ${percent(commonest!)})`;
  return `Seed ${seed} began with ${strategy}: of ${decimal(heldOut, 0)} decisions held out it ${agreement === null ? 'has ' : ''}${met}. On what was learned of the strategy gained ${percent(strategyTotal)}, its actions as an agent's ${percent(shownTotal)}, the clone ${percent(clonedTotal)}.`;
}
