const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

export const EXPECTED_DURATION = 'a length of time such as 30d, 12h, 90m, 45s';

/** `30d`, `12h`, `90m`, `45s`, `250ms`, `2w` as ms; undefined: it is none. */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text) ?? (text === '0' ? ['', '0', 'ms'] : []);
  return count === undefined ? undefined : Math.round(Number(count) * UNIT_MS[unit!]!);
}
