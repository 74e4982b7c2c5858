import { LogShortened } from '../../streams/follow.ts';
import { LedgerConflict } from '../../streams/ledger.ts';
import { isPassingError } from '../../streams/passing-error.ts';
import { StrategyFailure } from '../backtest/strategy-failure.ts';
import { Divergence } from './session-log.ts';

/** What a strategy says may read like a lost connection. */
function isOfStrategy(error: unknown): boolean {
  return error instanceof StrategyFailure || error instanceof Divergence;
}

/** Whether it may be over when all is read anew. */
export function canPass(error: unknown): boolean {
  if (isOfStrategy(error)) return false;
  return isPassingError(error) || error instanceof LedgerConflict || error instanceof LogShortened;
}
