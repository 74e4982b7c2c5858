import { RestError } from './rest.ts';

/** How long the venue or the budget wants us to wait after this failure, ms; 0: nobody said. */
export function waitAfter(error: unknown): number {
  return error instanceof RestError ? error.retryAfterMs : 0;
}
