import type { BookTape } from '../../../pipelines/environment/book-tape.ts';
import type { Market } from '../../../pipelines/simulation/strategy.ts';
import { createMarketRun, type MarketRun, type MarketRunOptions } from '../../../services/backtest/market-run.ts';
import { bookEnvironment, type SmallOptions } from './book-market.ts';

/** An environment on a book, with the run that its episode is in. @param onMarket told of the market of each */
export function watchedEnvironment(tape: BookTape, options: SmallOptions, onMarket: (market: Market) => void) {
  const watched: { run?: MarketRun; given?: MarketRunOptions } = {};
  const environment = bookEnvironment(tape, {
    ...options,
    createRun(given) {
      const run = createMarketRun(given);
      Object.assign(watched, { run, given });
      onMarket(run.simulation.market);
      return run;
    },
  });
  return { environment, its: () => ({ run: watched.run!, given: watched.given! }) };
}
