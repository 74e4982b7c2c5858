import { BadInput } from '../../infra/setup-error.ts';

/** Values of the flag `--set NAME=VALUE`, by their names. @throws BadInput */
export function readSet(pairs: readonly string[]): Record<string, number> {
  return Object.fromEntries(pairs.map(readPair));
}

function readPair(pair: string): [name: string, value: number] {
  const [, name, value] = /^(\w+)=(-?\d+(?:\.\d+)?)$/.exec(pair) ?? [];
  if (name === undefined) throw new BadInput(`--set: expected NAME=VALUE such as qty=0.01, found ${pair}`);
  return [name, Number(value)];
}
