/**
 * Binance's error codes, as far as the simulated exchange answers with them.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/error-code
 */
export const ERROR_CODES = {
  /** What this exchange does not do. */
  unsupported: -1020,
  /** A parameter that is not to be sent, as reduce-only is not in hedge mode. */
  notRequired: -1106,
  /** Unknown type of an order. */
  invalidOrderType: -1116,
  /** Callback rate of a trailing stop is out of its range. */
  invalidCallbackRate: -2007,
  /** Unknown order sent: a cancellation of one that is not there. */
  cancelRejected: -2011,
  /** No such order: a change of one that is not there. */
  noSuchOrder: -2013,
  /** Unable to fill: a market order where nothing is offered. */
  unableToFill: -2020,
  /** A conditional order that would trigger at once. */
  wouldTrigger: -2021,
  /** Reduce-only order is rejected: there is no position that it would make smaller. */
  reduceOnlyRejected: -2022,
  /** As many orders rest as may. */
  tooManyOrders: -2025,
  priceAboveMost: -4002,
  /** Quantity is not above zero. */
  qtyTooSmall: -4003,
  qtyBelowLeast: -4004,
  qtyAboveMost: -4005,
  /** Price that triggers is not above zero. */
  triggerTooSmall: -4006,
  priceBelowLeast: -4013,
  /** Price is not on the grid of ticks. */
  priceOffGrid: -4014,
  /** Price of a buy order is too far above the mark price. */
  priceAboveMultiplier: -4016,
  /** Quantity is not on the grid of steps. */
  qtyOffGrid: -4023,
  /** Price of a sell order is too far below the mark price. */
  priceBelowMultiplier: -4024,
  /** As many conditional orders wait as may. */
  tooManyConditional: -4045,
  /** A position side that the account's mode does not have. */
  positionSideMismatch: -4061,
  /** A conditional order of that kind closes the position already. */
  closePositionExists: -4130,
  /** The best price on the other side is too far from the mark price for a market order. */
  marketOrderRejected: -4131,
  /** Activation price of a trailing stop is no price. */
  invalidActivationPrice: -4135,
  /** The type of order cannot close a position. */
  cannotClosePosition: -4136,
  /** An order that closes a position says a quantity. */
  qtyWithClosePosition: -4137,
  minNotional: -4164,
  /** An order that closes a position where there is none. */
  noPosition: -4509,
  /** Fill-or-kill order could not be filled at once. */
  fillOrKillRejected: -5021,
  /** Post-only order would take. */
  postOnlyRejected: -5022,
  /** It has been changed as often as it may. */
  tooManyAmends: -5026,
  /** The change changes nothing. */
  sameOrder: -5027,
  /** Minimum notional of a changed order. */
  amendMinNotional: -5029,
  /** Time up to which an order rests is less than ten minutes off. */
  goodTillTooSoon: -5040,
} as const;
