import type { RunUpdates } from './run-updates.ts';

/** Metrics in the order of the choice; docs/training.md has their definitions. */
const TITLES: Readonly<Record<string, string>> = {
  episodeReturnMean: 'Mean episode return',
  episodeLengthMean: 'Mean episode length, steps',
  entropy: 'Entropy of the policy, nats',
  approxKl: 'Policy’s move (approximate KL)',
  clipFraction: 'Share of clipped steps',
  explainedVariance: 'Explained variance of the critic',
  policyLoss: 'Policy loss',
  valueLoss: 'Value loss',
  gradientNorm: 'Gradient norm',
  learningRate: 'Learning rate',
};

export const USUAL_METRIC = 'episodeReturnMean';
/** Of which nothing is learned from a curve. */
const LEFT_OUT: readonly string[] = ['globalStep'];

export function metricTitle(name: string): string {
  return TITLES[name] ?? name;
}

/** Metrics that updates tell of: those that are known first. The usual one is always there. */
export function metricNames(updates: RunUpdates): readonly string[] {
  // Within one run all updates tell the same.
  const told = [...updates.values()].flatMap((of) => Object.keys(of.at(-1)?.metrics ?? {}));
  const names = new Set([USUAL_METRIC, ...told].filter((name) => !LEFT_OUT.includes(name)));
  const known = Object.keys(TITLES).filter((name) => names.has(name));
  return [...known, ...[...names].filter((name) => !known.includes(name)).sort()];
}
