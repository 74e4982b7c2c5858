import type { Market, Strategy, StrategyDefinition } from '../../pipelines/simulation/strategy.ts';

/** What sends something, or takes it back. An order that is withheld has the number of one that a limit stopped. */
const SENDERS: ReadonlySet<PropertyKey> = new Set(['placeLimit', 'placeMarket', 'placeConditional', 'amend', 'cancel']);
const WITHHELD = 0;

/** A strategy could not be created with its parameters. */
export class StrategyRefusal extends Error {
  override readonly name = 'StrategyRefusal';
}

/**
 * The strategy, but its orders are withheld up to an instant: till then it only sees the market, so that its averages and
 * what else it keeps are there when its span begins. An order that it places before is as one that was refused at once.
 */
export function withLeadIn(definition: StrategyDefinition, tradeFromMs: number): StrategyDefinition {
  const tradeFromUs = tradeFromMs * 1_000;
  return {
    ...definition,
    create(parameters) {
      const { onEvent, onBar, onFill } = create(definition, parameters);
      const seen = createWithholding(tradeFromUs);
      return {
        ...(onEvent === undefined ? {} : { onEvent: (event, market) => onEvent(event, seen(market)) }),
        ...(onBar === undefined ? {} : { onBar: (bar, market) => onBar(bar, seen(market)) }),
        ...(onFill === undefined ? {} : { onFill }),
      };
    },
  };
}

function create(definition: StrategyDefinition, parameters: Parameters<StrategyDefinition['create']>[0]): Strategy {
  try {
    return definition.create(parameters);
  } catch (error) {
    throw new StrategyRefusal(error instanceof Error ? error.message : String(error));
  }
}

/** The market itself from the instant on, before it one that sends no orders. */
function createWithholding(tradeFromUs: number): (market: Market) => Market {
  let isOpen = false;
  let watched: Market | undefined;
  return (market) => {
    isOpen ||= market.timeUs >= tradeFromUs;
    if (isOpen) return market;
    watched ??= watchedMarket(market, () => market.timeUs >= tradeFromUs);
    return watched;
  };
}

/**
 * All that a market says, and nothing that it does.
 * @param mayTrade asked at each call, since a strategy may keep the market that it was given first
 */
function watchedMarket(market: Market, mayTrade: () => boolean): Market {
  return new Proxy(market, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return SENDERS.has(name) && !mayTrade() ? () => WITHHELD : value;
    },
  });
}
