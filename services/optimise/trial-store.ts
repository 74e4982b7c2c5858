import { appendFileSync, mkdirSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { readIfThere } from '../../infra/home.ts';
import type { TrialOutcome } from './trial.ts';

/** Trials that have ended, kept in a file, a line each: what an interrupted study goes on with. */
export interface TrialStore {
  find(key: string): TrialOutcome | undefined;
  add(key: string, outcome: TrialOutcome): void;
}

/** A line that a killed process did not finish is taken off. */
export function openTrialStore(path: string): TrialStore {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const text = readIfThere(path) ?? '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  const known = new Map<string, TrialOutcome>();
  for (const line of whole.split('\n')) {
    if (line === '') continue;
    const [key, outcome] = JSON.parse(line) as [string, TrialOutcome];
    known.set(key, outcome);
  }
  return {
    find: (key) => known.get(key),
    add(key, outcome) {
      known.set(key, outcome);
      appendFileSync(path, `${JSON.stringify([key, outcome])}\n`, { mode: 0o600 });
    },
  };
}
