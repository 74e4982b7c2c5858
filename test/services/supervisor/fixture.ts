import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceSpec } from '../../../services/supervisor/service-spec.ts';

/** A service that notes its starts and ends in a file. */
export function fixtureService(
  name: string,
  notes: string,
  mode = 'steady',
  after: readonly string[] = [],
): ServiceSpec {
  return {
    name,
    file: join(import.meta.dirname, 'fixture-service.ts'),
    after,
    env: (ready) => ({
      FIXTURE_NAME: name,
      FIXTURE_FILE: notes,
      FIXTURE_MODE: mode,
      FIXTURE_AFTER: after.map((before) => String(ready.get(before)?.['address'])).join(','),
    }),
  };
}

/** What the services noted, in order. */
export function readNotes(notes: string): string[] {
  try {
    return readFileSync(notes, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}
