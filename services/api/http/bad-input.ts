import type { FieldError } from './problem.ts';

/** What a refusal such as `name: expected …, found …` says, by its parts; one that says it otherwise is of the body. */
export function refusedField(message: string): FieldError {
  const [, field = 'body', expected = message, found = null] =
    /^(.+?): expected (.+), found (.+)$/s.exec(message) ?? [];
  return { field, expected, found };
}
