import type { Comparison } from './figures.ts';

/** What is beaten and what is not: `no better than flat (worse), holding; better than trend`. */
export function comparedText(comparisons: readonly Pick<Comparison, 'name' | 'is'>[]): string {
  const missed = comparisons
    .filter(({ is }) => is !== 'better')
    .map(({ name, is }) => (is === 'worse' ? `${name} (worse)` : name));
  const beaten = comparisons.filter(({ is }) => is === 'better').map(({ name }) => name);
  return [
    ...(missed.length === 0 ? [] : [`no better than ${missed.join(', ')}`]),
    ...(beaten.length === 0 ? [] : [`better than ${beaten.join(', ')}`]),
  ].join('; ');
}
