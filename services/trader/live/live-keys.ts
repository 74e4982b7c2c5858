import { type Config, LIVE_SWITCH } from '../../../infra/config.ts';
import { BadInput } from '../../../infra/setup-error.ts';

/** What an exchange account's requests are signed with. They are in memory only: no ledger, log, status or error has them. */
export interface LiveKeys {
  readonly apiKey: string;
  readonly secret: string;
}

/** Where the exchange is, and what may be done there with real money. */
export interface LiveAccess {
  readonly keys: LiveKeys;
  /** Undefined: Binance's own address. */
  readonly restUrl: string | undefined;
  readonly wsUrl: string | undefined;
  readonly testnet: boolean;
  /** Dead man's switch: the exchange cancels all once the trader has been silent for so long, ms. A minute if not said. */
  readonly countdownMs?: number;
}

export type LiveEnvironment = Readonly<
  Partial<
    Record<
      'DON_LIVE' | 'DON_BINANCE_KEY' | 'DON_BINANCE_SECRET' | 'DON_VENUE_REST_URL' | 'DON_VENUE_WS_URL',
      string | undefined
    >
  >
>;

/**
 * Access to the exchange that the environment gives; undefined: live trading is off.
 * @throws BadInput naming the variable that is missing; never what it holds
 */
export function liveAccess(
  { venue, live, instruments }: Pick<Config, 'venue' | 'live' | 'instruments'>,
  env: LiveEnvironment,
): LiveAccess | undefined {
  if (!live) return undefined;
  const text = (name: keyof LiveEnvironment): string => {
    const found = env[name];
    if (found === undefined || found === '')
      throw new BadInput(`${name}: expected a value where DON_LIVE=${LIVE_SWITCH}, found none`);
    return found;
  };
  const keys = { apiKey: text('DON_BINANCE_KEY'), secret: text('DON_BINANCE_SECRET') };
  const testnet = instruments.some((name) => name.startsWith('binance-usdm-testnet:'));
  if (venue !== 'simulated') return { keys, restUrl: undefined, wsUrl: undefined, testnet };
  const url = (name: 'DON_VENUE_REST_URL' | 'DON_VENUE_WS_URL'): string => text(name).replace(/\/+$/, '');
  return { keys, restUrl: url('DON_VENUE_REST_URL'), wsUrl: url('DON_VENUE_WS_URL'), testnet: false };
}
