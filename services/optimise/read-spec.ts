import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { nearestName } from '../../infra/nearest-name.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { RISK_LIMIT_SAYS } from '../../operators/risk/risk-limits.ts';
import { STRATEGIES } from '../../pipelines/strategies/strategies.ts';
import { type LoadedStrategy, loadStrategy } from '../backtest/load-strategy.ts';
import { studyFaults } from './study-space.ts';
import { STUDY_SPEC, type StudySpec } from './study-spec.ts';

/** A spec whose parameters are its strategy's. */
export interface CheckedSpec {
  readonly spec: StudySpec;
  readonly strategy: LoadedStrategy;
}

/**
 * Checks a study as it was declared, and loads its strategy.
 * @param place what a field is called where it stands: `vary/fast/to`
 * @throws BadInput that names the field, what was expected and what was found
 */
export async function checkSpec(raw: unknown, place: (field: string) => string): Promise<CheckedSpec> {
  const checked = STUDY_SPEC.safeParse(raw);
  if (!checked.success) throw new BadInput(issueText(checked.error.issues[0]!, raw, place));
  const strategy = await loadStrategy(checked.data.strategy);
  const [fault] = studyFaults(strategy.definition, checked.data);
  if (fault !== undefined)
    throw new BadInput(`${place(fault.field)}: expected ${fault.expected}, found ${fault.found}`);
  return { spec: checked.data, strategy };
}

/** Whether it is one that Don comes with: only these run as jobs of other processes, which load nobody's files. */
export function isKnownStrategy(name: string): boolean {
  return STRATEGIES.some((strategy) => strategy.name === name);
}

/**
 * What a file declares, its strategy's path made absolute.
 * @returns undefined where the file is of a strategy
 * @throws BadInput where it cannot be read
 */
export async function readStudyFile(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const path = resolve(file);
  let found: unknown;
  try {
    found = path.endsWith('.json')
      ? JSON.parse(readFileSync(path, 'utf8'))
      : ((await import(pathToFileURL(path).href)) as { readonly default?: unknown }).default;
  } catch (error) {
    throw new BadInput(`${file}: expected a study, found ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    throw new BadInput(
      `${file}: expected an object with strategy, instrument and vary, found ${JSON.stringify(found)}`,
    );
  if ('create' in found) return undefined;
  const { strategy } = found as { readonly strategy?: unknown };
  const isFile = typeof strategy === 'string' && /\.[cm]?[jt]s$/.test(strategy);
  return isFile ? { ...found, strategy: resolve(dirname(path), strategy) } : { ...found };
}

function issueText(issue: z.core.$ZodIssue, raw: unknown, place: (field: string) => string): string {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const within = path[0] === 'limits' ? Object.keys(RISK_LIMIT_SAYS) : ['from', 'to', 'step', 'log'];
    const known = path.length === 0 ? Object.keys(STUDY_SPEC.shape) : within;
    const nearest = nearestName(key, known);
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    return `${place([...path, key].join('/'))}: expected only ${known.join(', ')}${hint}, found ${key}`;
  }
  const found = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], raw);
  const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing');
  return `${place(path.join('/'))}: expected ${issue.message}, found ${text}`;
}
