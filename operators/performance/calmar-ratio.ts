/**
 * Calmar ratio: annualised return / greatest drawdown, both as shares; over the whole span and not the last 36 months.
 * `null` where one of them is not known or there was no drawdown.
 * @see Young (1991), "Calmar Ratio: A Smoother Tool", Futures 20(1).
 */
export function calmarRatio(annualisedReturn: number | null, maxDrawdownShare: number | null): number | null {
  return annualisedReturn === null || !maxDrawdownShare ? null : annualisedReturn / maxDrawdownShare;
}
