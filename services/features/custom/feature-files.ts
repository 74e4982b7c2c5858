import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file of a custom feature, as it is now. */
export interface FeatureFile {
  readonly file: string;
  /** Of its content: another one, another feature. */
  readonly hash: string;
}

/** The first 16 digits of the SHA-256 of what a file holds. @throws where it cannot be read */
export function codeHash(file: string): string {
  return hash('sha256', readFileSync(file)).slice(0, 16);
}

/** The files of custom features in a folder, by name; none where there is no folder. */
export function featureFiles(folder: string): FeatureFile[] {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => {
      const file = join(folder, name);
      try {
        return [{ file, hash: codeHash(file) }];
      } catch {
        // It went away between the two looks.
        return [];
      }
    });
}
