/** Finds the grid that a set of decimal texts lies on: their decimals, and the greatest step that divides all of them. */
export interface DecimalGrid {
  readonly add: (text: string) => void;
  /** Decimals of the texts, and the step in units of 10^-decimals; a step of 1 where nothing was added. */
  readonly result: () => { decimals: number; stepUnits: number };
}

export function decimalGrid(): DecimalGrid {
  const seen = new Set<string>();
  let decimals = 0;
  let divisor = 0;
  return {
    add: (text) => {
      // Most texts come again and again; the first look at each is enough.
      if (seen.has(text) || !/^\d+(\.\d+)?$/.test(text)) return;
      if (seen.size < 100_000) seen.add(text);
      const textDecimals = text.length - text.indexOf('.') - 1;
      const places = text.includes('.') ? textDecimals : 0;
      if (places > decimals) {
        divisor *= 10 ** (places - decimals);
        decimals = places;
      }
      divisor = greatestCommonDivisor(divisor, Math.round(Number(text) * 10 ** decimals));
    },
    result: () => ({ decimals, stepUnits: divisor === 0 ? 1 : divisor }),
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}
