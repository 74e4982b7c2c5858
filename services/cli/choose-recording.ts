import type { Redis } from 'ioredis';
import { nearestName } from '../../infra/nearest-name.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { parseInstrument } from '../../streams/instrument.ts';
import { LIVE } from '../../streams/keys.ts';
import { listInstruments, listRecordings, type Recording } from '../../streams/recordings.ts';
import { marketRecording, type WantedSpan } from '../backtest/market-recording.ts';

/** The instrument that `--instrument` names. @throws BadInput naming the nearest one that is recorded */
export async function chooseInstrument(redis: Redis, name: string | undefined): Promise<string> {
  const known = await listInstruments(redis);
  const list = known.length === 0 ? 'nothing is recorded yet' : `recorded are ${known.join(', ')}`;
  if (name === undefined) {
    if (known.length === 1) return known[0]!;
    throw new BadInput(`--instrument: expected venue:SYMBOL, found nothing; ${list}`);
  }
  if (known.includes(name)) return name;
  try {
    parseInstrument(name);
  } catch (error) {
    throw new BadInput(`--instrument: ${error instanceof Error ? error.message : String(error)}`);
  }
  const near = nearestName(name, known);
  throw new BadInput(
    `--instrument: nothing is recorded of ${name}${near ? `; did you mean ${near}?` : ''}; ${list}; don import FILE --instrument ${name} brings it in`,
  );
}

/**
 * The recording that `--recording` names; without it the one that covers the instant, where it is one, the live one
 * before others.
 * @param atUs µs since the epoch; undefined: any
 */
export async function chooseRecording(
  redis: Redis,
  instrument: string,
  name: string | undefined,
  atUs: number | undefined,
): Promise<string> {
  const recordings = await listRecordings(redis, instrument);
  const names = recordings.map(describe).join(', ');
  if (name !== undefined) {
    if (recordings.some(({ recording }) => recording === name)) return name;
    throw new BadInput(
      `--recording: ${instrument} has no recording ${JSON.stringify(name)}; it has ${names || 'none'}`,
    );
  }
  if (atUs === undefined && recordings.length > 0) return recordings[0]!.recording;
  const covering = recordings.filter((recording) => covers(recording, atUs ?? 0));
  const chosen = covering.find(({ kind }) => kind === 'import') ?? covering[0];
  if (chosen !== undefined) return chosen.recording;
  throw new BadInput(`--at: no recording of ${instrument} covers that time; it has ${names || 'none'}`);
}

/**
 * The recording that a run is of: the named one, or one that orders can be filled against.
 * @throws BadInput where there is none in that span
 */
export async function chooseMarketRecording(
  redis: Redis,
  instrument: string,
  name: string | undefined,
  span: WantedSpan,
): Promise<string> {
  if (name !== undefined) return chooseRecording(redis, instrument, name, undefined);
  const chosen = await marketRecording(redis, instrument, span);
  if (chosen !== undefined) return chosen;
  const names = (await listRecordings(redis, instrument)).map(describe).join(', ');
  throw new BadInput(
    `from, to: expected a span with depth, trades or candles of ${instrument}, found none in that one; it has ${names || 'no recording'}`,
  );
}

function covers({ recording, fromUs, toUs }: Recording, atUs: number): boolean {
  if (recording === LIVE) return fromUs === undefined || atUs >= fromUs;
  return fromUs !== undefined && toUs !== undefined && atUs >= fromUs && atUs <= toUs;
}

function describe({ recording, file, fromUs, toUs }: Recording): string {
  const time = (us: number | undefined): string => (us === undefined ? '…' : new Date(us / 1_000).toISOString());
  const span = fromUs === undefined ? '' : ` (${time(fromUs)} – ${time(toUs)})`;
  return `${recording}${file === undefined ? '' : ` of ${file}`}${span}`;
}
