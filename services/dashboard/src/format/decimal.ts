/** Digits behind the point of a step such as `0.10` (1) or `1e-7` (7). */
export function decimalsOf(step: string): number {
  const exponent = /^1e-(\d+)$/i.exec(step)?.[1];
  if (exponent !== undefined) return Number(exponent);
  return step.includes('.') ? step.slice(step.indexOf('.') + 1).replace(/0+$/, '').length : 0;
}

/** A number with `decimals` digits behind the point and groups of three before it: `65,123.4`. */
export function grouped(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return '–';
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.') as [string, string | undefined];
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = fraction === undefined ? groups : `${groups}.${fraction}`;
  return value < 0 && Number(text.replaceAll(',', '')) !== 0 ? `−${text}` : text;
}

/** No venue's step is finer. */
const DECIMALS_MAX = 8;

/** A number with the digits that it has, without those that a float's arithmetic adds: 79301.40000000001 → `79,301.4`. */
export function plain(value: number): string {
  return grouped(value, decimalsOf(value.toFixed(DECIMALS_MAX)));
}

/** A decimal text as the venue wrote it, brought to `decimals` digits without passing through a float where it fits. */
export function groupedText(value: string, decimals: number): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(value);
  if (match === null) return grouped(Number(value), decimals);
  const [, sign = '', whole = '', fraction = ''] = match;
  // More digits than the step has: they must be rounded, not cut.
  if (/[1-9]/.test(fraction.slice(decimals))) return grouped(Number(value), decimals);
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const digits = fraction.slice(0, decimals).padEnd(decimals, '0');
  return `${sign === '' ? '' : '−'}${groups}${decimals > 0 ? `.${digits}` : ''}`;
}

/** `+0.42` or `−0.42`: the sign is always told. */
export function signed(value: number, decimals: number): string {
  const text = grouped(value, decimals);
  return value > 0 && Number(text.replaceAll(',', '')) !== 0 ? `+${text}` : text;
}

/** A ratio as a percentage, signed: 0.0042 → `+0.42%`. */
export function percent(ratio: number, decimals = 2): string {
  return Number.isFinite(ratio) ? `${signed(ratio * 100, decimals)}%` : '–';
}

const SUFFIXES = ['', 'K', 'M', 'B', 'T'] as const;

/** A large number in four digits or so: 1,234,567 → `1.23M`. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return '–';
  let scaled = value;
  let step = 0;
  while (Math.abs(scaled) >= 999.5 && step < SUFFIXES.length - 1) {
    scaled /= 1000;
    step++;
  }
  const size = Math.abs(scaled);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return `${grouped(scaled, step === 0 && Number.isInteger(scaled) ? 0 : decimals)}${SUFFIXES[step]}`;
}

/** A small number in three significant digits. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return grouped(value, Math.min(decimals, 8));
}

/** Bytes in the binary unit that suits: `183 MiB`. */
export function bytes(value: number): string {
  const mebibytes = value / 1024 ** 2;
  return mebibytes >= 1024
    ? `${grouped(mebibytes / 1024, 1)} GiB`
    : `${grouped(mebibytes, mebibytes < 10 ? 1 : 0)} MiB`;
}
