import type { Config } from '../../infra/config.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { type Instrument, parseInstrument, type Venue } from '../../streams/instrument.ts';
import { DEFAULT_SETTINGS, type RecorderSettings } from './settings.ts';
import { DEFAULT_CHANNELS, isStreamedChannel } from './topics.ts';

/** What to record, and from where. */
export interface RecorderConfiguration {
  readonly instruments: readonly Instrument[];
  readonly settings: RecorderSettings;
}

/** Where the simulated venue is, which whoever starts it knows, and what of it is recorded where not everything is. */
export type RecorderEnvironment = Readonly<
  Partial<Record<'DON_VENUE_REST_URL' | 'DON_VENUE_WS_URL' | 'DON_CHANNELS' | 'DON_DEPTH_SPEED', string | undefined>>
>;

/** Which venues an instrument may name under each venue setting: data never gets the name of another origin. */
const INSTRUMENT_VENUES: Readonly<Record<Config['venue'], readonly Venue[]>> = {
  simulated: ['simulated'],
  binance: ['binance-usdm', 'binance-usdm-testnet'],
};

/** Hosts of the real exchange, which the simulated venue must never be. */
const REAL_HOST = /(^|\.)binance(future)?\.(com|vision|us)$/i;

/** @throws naming the setting, what was expected and what was found */
export function readConfiguration(
  { venue, instruments: names }: Pick<Config, 'venue' | 'instruments'>,
  env: RecorderEnvironment,
): RecorderConfiguration {
  const instruments = names.map(readInstrument);
  const first = instruments[0];
  const allowed = INSTRUMENT_VENUES[venue];
  if (first === undefined) throw new BadInput(`instruments: expected ones such as ${allowed[0]}:BTCUSDT, found none`);
  for (const instrument of instruments) {
    if (!allowed.includes(instrument.venue))
      throw new BadInput(
        `instruments: expected ones of ${allowed.join(' or ')} with the venue ${venue}, found ${instrument.name}`,
      );
    if (instrument.venue !== first.venue)
      throw new BadInput(`instruments: expected ones of a single venue, found ${first.name} and ${instrument.name}`);
  }
  const isSimulated = venue === 'simulated';
  return {
    instruments,
    settings: {
      ...DEFAULT_SETTINGS,
      channels: readChannels(env.DON_CHANNELS),
      depthSpeed: readDepthSpeed(env.DON_DEPTH_SPEED),
      snapshotEveryMs: snapshotEveryMs(instruments.length),
      restUrl: venueUrl(env, 'DON_VENUE_REST_URL', ['http:', 'https:'], isSimulated),
      venue: {
        wsUrl: venueUrl(env, 'DON_VENUE_WS_URL', ['ws:', 'wss:'], isSimulated),
        testnet: first.venue === 'binance-usdm-testnet',
      },
    },
  };
}

function readInstrument(name: string): Instrument {
  try {
    return parseInstrument(name);
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
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
    throw new BadInput(`${name}: expected nothing with DON_VENUE=binance, whose addresses are fixed, found "${text}"`);
  }
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !protocols.includes(url.protocol))
    throw new BadInput(`${name}: expected the venue's URL (${protocols.join(' or ')}//…), found "${text ?? ''}"`);
  if (REAL_HOST.test(url.hostname))
    throw new BadInput(
      `${name}: expected a simulated venue, found ${url.hostname}; record Binance with DON_VENUE=binance`,
    );
  return text!.replace(/\/+$/, '');
}

function readChannels(text: string | undefined): readonly string[] {
  const channels = (text ?? '').split(',').map((name) => name.trim());
  const known = [...new Set(channels.filter((name) => name !== ''))];
  const unknown = known.find((name) => !isStreamedChannel(name));
  if (unknown !== undefined)
    throw new BadInput(
      `DON_CHANNELS: expected some of ${DEFAULT_CHANNELS.join(', ')}, trade, other kline_<interval>, found "${unknown}"`,
    );
  return known.length === 0 ? DEFAULT_CHANNELS : known;
}

function readDepthSpeed(text: string | undefined): string {
  if (text === undefined || text === '') return DEFAULT_SETTINGS.depthSpeed;
  if (!/^(0|100|250|500)ms$/.test(text))
    throw new BadInput(`DON_DEPTH_SPEED: expected 0ms, 100ms, 250ms or 500ms, found "${text}"`);
  return text;
}

/** Snapshots cost weight 20 each; all of them together may take a quarter of a minute's 2400. */
function snapshotEveryMs(instruments: number): number {
  return Math.max(DEFAULT_SETTINGS.snapshotEveryMs, ((instruments * 20) / 600) * 60_000);
}
