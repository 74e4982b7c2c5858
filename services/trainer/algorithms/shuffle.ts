import type { Random } from '../../../operators/random.ts';

/** In place, every order as likely (Fisher & Yates). */
export function shuffle(values: Uint32Array, { below }: Random): void {
  for (let n = values.length - 1; n > 0; n--) {
    const other = below(n + 1);
    [values[n], values[other]] = [values[other]!, values[n]!];
  }
}
