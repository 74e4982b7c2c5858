import { type Instrument, parseInstrument, type Venue } from '../../streams/instrument.ts';
import { DEFAULT_SETTINGS, type RecorderSettings } from './settings.ts';

/** What to record, and from where. */
export interface RecorderConfiguration {
  readonly instruments: readonly Instrument[];
  readonly settings: RecorderSettings;
}

/** The parts of Don's configuration that the recorder reads, by the names of their environment variables. */
export type RecorderEnvironment = Readonly<
  Partial<Record<'DON_VENUE' | 'DON_INSTRUMENTS' | 'DON_VENUE_REST_URL' | 'DON_VENUE_WS_URL', string>>
>;

/** Which venues an instrument may name under each setting of DON_VENUE: data never gets the name of another origin. */
const INSTRUMENT_VENUES: Readonly<Record<string, readonly Venue[]>> = {
  simulated: ['simulated'],
  binance: ['binance-usdm', 'binance-usdm-testnet'],
};

/** Hosts of the real exchange, which the simulated venue must never be. */
const REAL_HOST = /(^|\.)binance(future)?\.(com|vision|us)$/i;

/** @throws naming the variable, what was expected and what was found */
export function readConfiguration(env: RecorderEnvironment): RecorderConfiguration {
  const venue = env.DON_VENUE ?? 'simulated';
  const allowed = INSTRUMENT_VENUES[venue];
  if (allowed === undefined) throw new Error(`DON_VENUE: expected simulated or binance, found "${venue}"`);
  const names = (env.DON_INSTRUMENTS ?? '').split(',').map((name) => name.trim());
  const instruments = [...new Set(names.filter((name) => name !== ''))].map(parseInstrument);
  const first = instruments[0];
  if (first === undefined)
    throw new Error(`DON_INSTRUMENTS: expected instruments such as ${allowed[0]}:BTCUSDT, found none`);
  for (const instrument of instruments) {
    if (!allowed.includes(instrument.venue))
      throw new Error(
        `DON_INSTRUMENTS: expected instruments of ${allowed.join(' or ')} with DON_VENUE=${venue}, found ${instrument.name}`,
      );
    if (instrument.venue !== first.venue)
      throw new Error(`DON_INSTRUMENTS: expected instruments of one venue, found ${first.name} and ${instrument.name}`);
  }
  const isSimulated = venue === 'simulated';
  return {
    instruments,
    settings: {
      ...DEFAULT_SETTINGS,
      snapshotEveryMs: snapshotEveryMs(instruments.length),
      restUrl: venueUrl(env, 'DON_VENUE_REST_URL', ['http:', 'https:'], isSimulated),
      venue: {
        wsUrl: venueUrl(env, 'DON_VENUE_WS_URL', ['ws:', 'wss:'], isSimulated),
        testnet: first.venue === 'binance-usdm-testnet',
      },
    },
  };
}

function venueUrl(
  env: RecorderEnvironment,
  name: 'DON_VENUE_REST_URL' | 'DON_VENUE_WS_URL',
  protocols: readonly string[],
  isSimulated: boolean,
): string | undefined {
  const text = env[name];
  if (!isSimulated) {
    if (text === undefined || text === '') return undefined;
    throw new Error(`${name}: expected nothing with DON_VENUE=binance, whose addresses are fixed, found "${text}"`);
  }
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !protocols.includes(url.protocol))
    throw new Error(`${name}: expected the venue's URL (${protocols.join(', ')}//…), found "${text ?? ''}"`);
  if (REAL_HOST.test(url.hostname))
    throw new Error(
      `${name}: expected a simulated venue, found ${url.hostname}; record Binance with DON_VENUE=binance`,
    );
  return text!.replace(/\/+$/, '');
}

/** Snapshots cost weight 20 each; all of them together may take a quarter of a minute's 2400. */
function snapshotEveryMs(instruments: number): number {
  return Math.max(DEFAULT_SETTINGS.snapshotEveryMs, ((instruments * 20) / 600) * 60_000);
}
