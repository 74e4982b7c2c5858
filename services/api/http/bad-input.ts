import type { FieldError } from './problem.ts';

/** What a refusal such as `name: expected …, found …; did you mean …?` says, by its parts; one that says it otherwise is of the body. */
export function refusedField(message: string): FieldError {
  const parts = /^(?<field>.+?): expected (?<expected>.+), found (?<found>.+?)(?:; (?<hint>did you mean .+\?))?$/s.exec(
    message,
  );
  if (parts === null) return { field: 'body', expected: message, found: null };
  const { field, expected, found, hint } = parts.groups as Record<string, string>;
  return {
    field: field!.replace(', ', '/'),
    expected: hint === undefined ? expected! : `${expected} (${hint})`,
    found: found!,
  };
}
