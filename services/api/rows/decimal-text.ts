/**
 * A stored double as the shortest decimal text that reads back as the same double, with at least `decimals` places:
 * the text that it came of, where that was on a ladder with so many places.
 */
export function decimalText(value: number, decimals = 0): string {
  const text = value.toFixed(decimals);
  return Number(text) === value && !text.includes('e') ? text : plain(String(value));
}

/** Writes `1.2e-7` as `0.00000012`. */
function plain(text: string): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', first = '', rest = '', power = '0'] = match;
  const digits = first + rest;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, '0')}${point < digits.length ? `.${digits.slice(point)}` : ''}`;
}
