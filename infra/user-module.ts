import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from './home.ts';
import { BadInput } from './setup-error.ts';

/** What a user's file has to export by default. */
export interface UserExport {
  /** Said with an error, such as `strategy`. */
  readonly what: string;
  /** `export default defineStrategy({…}) of 'don/strategy'` */
  readonly expected: string;
  /** Its fields, and what `typeof` says of them. */
  readonly fields: Readonly<Record<string, 'string' | 'object' | 'function'>>;
}

/** Lets users' files import from a name what lies in a file of Don's, wherever theirs lie. */
export function serveModule(name: string, ...path: readonly string[]): void {
  const target = pathToFileURL(join(REPOSITORY, ...path)).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === name ? { url: target, shortCircuit: true } : next(specifier, context),
  });
}

/** First 16 hex digits of a file's SHA-256. */
export function fileHash(path: string): string {
  return hash('sha256', readFileSync(path)).slice(0, 16);
}

/**
 * What a user's file exports by default, and the file's hash.
 * @throws BadInput where it is not there, cannot be loaded, or lacks a field, which it names
 */
export async function loadUserModule(
  file: string,
  { what, expected, fields }: UserExport,
): Promise<{ readonly found: object; readonly hash: string }> {
  const path = resolve(file);
  if (!existsSync(path)) throw new BadInput(`${what}: expected a file, found nothing at ${file}`);
  const hash = fileHash(path);
  let found: unknown;
  try {
    // By its content: what was loaded before the file changed is another module.
    found = (await import(`${pathToFileURL(path).href}?${hash}`)).default;
  } catch (error) {
    throw new BadInput(
      `${file}: expected a module that can be loaded, found ${error instanceof Error ? error.message : error}`,
    );
  }
  if (typeof found !== 'object' || found === null)
    throw new BadInput(`${file}: expected ${expected}, found ${found === undefined ? 'nothing' : typeof found}`);
  for (const [field, type] of Object.entries(fields)) {
    const value: unknown = Reflect.get(found, field);
    if (typeof value !== type)
      throw new BadInput(
        `${file}, ${field}: expected a ${type}, by ${expected}, found ${value === undefined ? 'nothing' : typeof value}`,
      );
  }
  return { found, hash };
}
