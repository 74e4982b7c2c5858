// How reports write figures: the same on every machine, so by no locale. A figure without an answer is a dash.

const NONE = '–';

/** With so many decimals, thousands by commas, and a true minus; −0.00 is 0.00. */
export function decimal(value: number | null | undefined, decimals = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  if (Math.abs(value) >= 1e15) return value.toExponential(3).replace('-', '−').replace('e+', 'e');
  const [whole = '', part] = Math.abs(value).toFixed(decimals).split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part === undefined ? '' : `.${part}`);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** An amount of money: cents, or three digits where it is less than that. */
export function amount(value: number | null | undefined): string {
  if (!value || !Number.isFinite(value)) return decimal(value);
  const size = Math.abs(value);
  if (size >= 0.1) return decimal(value);
  return decimal(value, Math.min(10, 2 - Math.floor(Math.log10(size))));
}

/** A price or a quantity: up to eight digits, without zeros at the end. */
export function exact(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const digits = value === 0 ? 0 : 7 - Math.floor(Math.log10(Math.abs(value)));
  const text = decimal(value, Math.max(0, Math.min(12, digits)));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A share as per cent. */
export function percent(share: number | null | undefined, decimals?: number): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return NONE;
  const size = Math.abs(share * 100);
  const usual = size === 0 || size >= 0.1 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(size)));
  return `${decimal(share * 100, decimals ?? usual)} %`;
}

/** With a plus where it is above 0. */
export function signed(text: string): string {
  return /^[0-9.,e]*[1-9]/.test(text) ? `+${text}` : text;
}

/** With the plural of what is counted, which ends in s. */
export function counted(count: number, what: string): string {
  return `${decimal(count, 0)} ${what}${count === 1 ? '' : 's'}`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** `3 d 4 h`, `12.5 s`, `80 ms`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NONE;
  if (ms < 1_000) return `${decimal(ms, ms < 10 && !Number.isInteger(ms) ? 1 : 0)} ms`;
  if (ms < 59_950) return `${decimal(ms / 1_000, Number.isInteger(ms / 1_000) ? 0 : 1)} s`;
  // Rounded first, so that it is never 23 h 60 min.
  const roundedTo = (place: number) => Math.round(ms / UNITS[place]![1]) * UNITS[place]![1];
  const place = [0, 1, 2].find((larger) => roundedTo(larger + 1) >= UNITS[larger]![1]) ?? 2;
  const [[name, unitMs], [nextName, nextMs]] = [UNITS[place]!, UNITS[place + 1]!];
  const rounded = roundedTo(place + 1);
  const [whole, rest] = [Math.floor(rounded / unitMs), (rounded % unitMs) / nextMs];
  return rest === 0 ? `${decimal(whole, 0)} ${name}` : `${decimal(whole, 0)} ${name} ${rest} ${nextName}`;
}

/** `2024-05-01 12:00:05`, of UTC. */
export function utc(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** `−1.20 to 3.40`. */
export function range(
  interval: { readonly low: number; readonly high: number } | null,
  write: (value: number) => string,
): string {
  return interval === null ? NONE : `${write(interval.low)} to ${write(interval.high)}`;
}
