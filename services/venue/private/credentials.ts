import { createHash } from 'node:crypto';

/** What an account's requests are signed with. */
export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
}

/** The account that a venue has where none is named. */
export const DEMO_ACCOUNT = 'demo';

/**
 * Key and secret of an account of this venue, 64 hexadecimal digits each. They follow from the account's name, so that a
 * trader has them without asking; they guard nothing, as the venue listens on loopback and its money is not real.
 */
export function credentialsOf(account: string): Credentials {
  const digest = (what: string): string => createHash('sha256').update(`don venue ${what} ${account}`).digest('hex');
  return { apiKey: digest('key'), secret: digest('secret') };
}
