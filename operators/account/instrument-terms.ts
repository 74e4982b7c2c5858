import type { Scale } from '../../streams/events/scale.ts';
import { AccountRefusal } from './account-refusal.ts';
import { type BracketE8, compileBrackets, type LeverageBracket } from './brackets.ts';
import { BTCUSDT_LIKE_BRACKETS } from './default-brackets.ts';
import { divideRounded, exactAmount, multiplyDivide, toE8 } from './money.ts';

/** What is agreed about one instrument, as the account computes with it. Never part of the account's state. */
export interface InstrumentTerms {
  /** `venue:SYMBOL`. */
  readonly instrument: string;
  /** Money of one tick × step is `multiplier` ÷ `divisor` units of 1e-8; the divisor is 1 wherever that is whole. */
  readonly multiplier: number;
  readonly divisor: number;
  /** Quantity of one step is `stepUnits` ÷ `stepDivisor`. */
  readonly stepUnits: number;
  readonly stepDivisor: number;
  /** Price of one tick is `tickUnits` ÷ `tickDivisor`. */
  readonly tickUnits: number;
  readonly tickDivisor: number;
  readonly brackets: readonly BracketE8[];
  /** Liquidation clearance fee, in 1e-8 of the notional that is liquidated. */
  readonly liquidationFeeRateE8: number;
}

export interface InstrumentTermsOptions {
  readonly instrument: string;
  /** Tick and step size, from the recording's `instrument` event. */
  readonly scale: Scale;
  /** As `leverageBracket` gives them; the marked default, where not said. */
  readonly brackets?: readonly LeverageBracket[];
  /** `liquidationFee` of exchangeInfo, a part of the notional; 0.0125, as BTCUSDT has it, where not said. */
  readonly liquidationFeeRate?: number;
}

const LIQUIDATION_FEE_RATE = 0.0125;

/** Digits that money has after the point. */
const MONEY_DECIMALS = 8;

/** @throws AccountRefusal naming the field that cannot be */
export function createInstrumentTerms(options: InstrumentTermsOptions): InstrumentTerms {
  const { instrument, scale, brackets = BTCUSDT_LIKE_BRACKETS } = options;
  const { liquidationFeeRate = LIQUIDATION_FEE_RATE } = options;
  if (!(liquidationFeeRate >= 0 && liquidationFeeRate < 1))
    throw new AccountRefusal(`${instrument}/liquidationFeeRate`, 'from 0 to less than 1', liquidationFeeRate);
  const places = scale.price.decimals + scale.qty.decimals;
  const units = scale.price.units * scale.qty.units;
  return {
    instrument,
    multiplier: exactAmount(`${instrument}/multiplier`, units * 10 ** Math.max(0, MONEY_DECIMALS - places)),
    divisor: exactAmount(`${instrument}/divisor`, 10 ** Math.max(0, places - MONEY_DECIMALS)),
    stepUnits: scale.qty.units,
    stepDivisor: 10 ** scale.qty.decimals,
    tickUnits: scale.price.units,
    tickDivisor: 10 ** scale.price.decimals,
    brackets: compileBrackets(instrument, brackets),
    liquidationFeeRateE8: toE8(`${instrument}/liquidationFeeRate`, liquidationFeeRate),
  };
}

/**
 * Money of ticks × steps: exact where a tick × step is a whole number of 1e-8, else rounded to the nearest.
 * @throws RangeError where it is too large to stay exact
 */
export function moneyOfE8(terms: InstrumentTerms, tickSteps: number): number {
  const { multiplier, divisor } = terms;
  const amount = tickSteps * multiplier;
  if (divisor === 1 && amount <= Number.MAX_SAFE_INTEGER && amount >= -Number.MAX_SAFE_INTEGER) return amount;
  if (divisor === 1) return exactAmount(`${terms.instrument}/notional`, amount);
  return multiplyDivide(exactAmount(`${terms.instrument}/tickSteps`, tickSteps), multiplier, divisor);
}

/**
 * Value of steps at a price off the grid, signed as the steps are; rounded to 1e-8.
 * @throws RangeError where it is too large to stay exact
 */
export function valueAtE8(terms: InstrumentTerms, steps: number, priceE8: number): number {
  return multiplyDivide(steps * terms.stepUnits, priceE8, terms.stepDivisor);
}

/** A price in ticks in units of 1e-8 of the quote asset; rounded where the tick is finer. */
export function priceOfE8(terms: InstrumentTerms, ticks: number): number {
  const units = ticks * terms.tickUnits;
  return terms.tickDivisor <= 1e8 ? units * (1e8 / terms.tickDivisor) : divideRounded(units, terms.tickDivisor / 1e8);
}
