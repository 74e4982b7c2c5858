/**
 * How often the equity was traded: Σ price · qty over buys and sells / mean equity. A position of the whole equity opened
 * and closed is 2. `null` where the mean equity is 0 or below.
 */
export function turnover(fills: readonly { readonly price: number; readonly qty: number }[], meanEquity: number) {
  const traded = fills.reduce((sum, { price, qty }) => sum + price * qty, 0);
  return { traded, turnover: meanEquity > 0 ? traded / meanEquity : null };
}
