import type { Log } from '../../infra/service.ts';
import type { Instrument } from '../../streams/instrument.ts';
import { symbolTexts } from './exchange-info.ts';
import type { InstrumentRecorder } from './instrument-recorder.ts';
import { integerAt, memberRange } from './json-text.ts';
import { startPoll } from './poll.ts';
import type { Rest } from './rest.ts';
import type { RecorderSettings } from './settings.ts';

export interface VenuePollsOptions {
  readonly instruments: readonly Instrument[];
  readonly recorders: ReadonlyMap<string, InstrumentRecorder>;
  readonly rest: Rest;
  readonly settings: RecorderSettings;
  readonly log: Log;
  readonly onFatal: (reason: string) => void;
  /** Our own clock, ms since the epoch. */
  readonly nowMs?: () => number;
}

/** What is asked of the venue by the clock: descriptions of the instruments, open interest, the time. */
export interface VenuePolls {
  /** The venue's clock minus ours, ms; undefined: not measured yet. */
  clockSkewMs(): number | undefined;
  stop(): void;
}

/** Nothing of an instrument is decodable before its tick size is known, so recording waits so long for it. */
const DESCRIPTION_WAIT_MS = 10_000;
/** Open interest that stays away for this many periods leaves a gap. */
const MISSED_PERIODS = 2.5;
const CLOCK_SAMPLES = 3;

/** Resolves when the instruments' descriptions are on their way into the log, or the venue did not give them in time. */
export async function startVenuePolls(options: VenuePollsOptions): Promise<VenuePolls> {
  const { instruments, settings, log } = options;
  const stops: (() => void)[] = [];
  let clockSkewMs: number | undefined;
  const poll = (name: string, everyMs: number, run: () => Promise<void>) => {
    stops.push(startPoll({ name, everyMs, log, run }));
  };

  await new Promise<void>((resolve) => {
    poll('exchangeInfo', settings.instrumentEveryMs, () => recordDescriptions(options).then(resolve));
    setTimeout(resolve, DESCRIPTION_WAIT_MS).unref();
  });
  for (const instrument of instruments)
    poll(`openInterest ${instrument.name}`, settings.openInterestEveryMs, createOpenInterestPoll(options, instrument));
  poll('time', settings.clockSkewEveryMs, async () => {
    clockSkewMs = await measureClockSkew(options);
  });
  return {
    clockSkewMs: () => clockSkewMs,
    stop() {
      for (const stop of stops) stop();
    },
  };
}

async function recordDescriptions({ instruments, recorders, rest, onFatal }: VenuePollsOptions): Promise<void> {
  const symbols = symbolTexts(await rest.get('fapi/v1/exchangeInfo', {}, 1));
  for (const { name, symbol } of instruments) {
    const text = symbols.get(symbol);
    if (text !== undefined) recorders.get(name)!.add('instrument', text);
    else {
      const known = [...symbols.keys()].slice(0, 10).join(', ');
      onFatal(`${name}: expected a symbol of the venue, found none of that name (it has ${known}, …)`);
    }
  }
}

function createOpenInterestPoll(
  { recorders, rest, settings }: VenuePollsOptions,
  { name, symbol }: Instrument,
): () => Promise<void> {
  const recorder = recorders.get(name)!;
  let answeredMs = Number.POSITIVE_INFINITY;
  return async () => {
    const text = await rest.get('fapi/v1/openInterest', { symbol }, 1);
    const nowMs = performance.now();
    const endsSilence = nowMs - answeredMs > MISSED_PERIODS * settings.openInterestEveryMs;
    recorder.add('openInterest', text, endsSilence);
    answeredMs = nowMs;
  };
}

/**
 * The venue's time against the middle of the question's way, ms: that of the quickest of some answers, as it may be wrong
 * by half of the way.
 * @see RFC 5905, section 10, which filters samples of a clock so
 */
async function measureClockSkew({ rest, nowMs = Date.now }: VenuePollsOptions): Promise<number> {
  let quickest = { wayMs: Number.POSITIVE_INFINITY, skewMs: 0 };
  for (let sample = 0; sample < CLOCK_SAMPLES; sample++) {
    const sentMs = nowMs();
    const text = await rest.get('fapi/v1/time', {}, 1);
    const answeredMs = nowMs();
    const range = memberRange(text, 'serverTime');
    const venueMs = range === undefined ? Number.NaN : integerAt(text, range.start, range.end);
    if (Number.isNaN(venueMs)) throw new Error(`time/serverTime: expected an integer, found ${text.slice(0, 80)}`);
    const wayMs = answeredMs - sentMs;
    if (wayMs < quickest.wayMs) quickest = { wayMs, skewMs: venueMs - (sentMs + answeredMs) / 2 };
  }
  return quickest.skewMs;
}
