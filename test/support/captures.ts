import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { REPOSITORY } from '../../infra/home.ts';

/** Recordings of real markets, which are not part of the repository: `DON_CAPTURES`, `DON_SHARED_DATA`, or beside it. */
const DATA = process.env['DON_SHARED_DATA'] ?? resolve(REPOSITORY, '../shared/data');
const CAPTURES_FOLDER = process.env['DON_CAPTURES'] ?? join(DATA, 'captures');

/** A capture: its file, its market, and the units of its prices and quantities. */
export interface Capture {
  readonly file: string;
  readonly instrument: string;
  readonly tickSize: string;
  readonly stepSize: string;
}

const capture = (file: string, instrument: string, tickSize: string, stepSize: string): Capture => ({
  file,
  instrument,
  tickSize,
  stepSize,
});

export const BTCUSDT = capture('usdm-btcusdt_20240808.gz', 'binance-usdm:BTCUSDT', '0.10', '0.001');
export const ETHUSDT = capture('usdm-ethusdt_20240808.gz', 'binance-usdm:ETHUSDT', '0.01', '0.001');
export const BTCUSDT_2023 = capture('usdm-btcusdt_20230404.gz', 'binance-usdm:BTCUSDT', '0.10', '0.001');
export const SPOT_BTCUSDT = capture('spot-btcusdt_20240808.gz', 'binance-spot:BTCUSDT', '0.01', '0.000001');
export const CAPTURES: readonly Capture[] = [BTCUSDT, ETHUSDT, BTCUSDT_2023, SPOT_BTCUSDT];

/** An event with the exact bytes of its payload. */
export interface CapturedEvent {
  readonly channel: string;
  readonly payload: Buffer;
  /** µs since the epoch. */
  readonly receiveTimeUs: number;
}

/** The events of a capture as the log would hold them, behind an `instrument` event; undefined, said, where it is absent. */
export function readCapture({ file, instrument, tickSize, stepSize }: Capture): CapturedEvent[] | undefined {
  const path = join(CAPTURES_FOLDER, file);
  if (isAbsent(path)) return undefined;
  const events = readFrames(gunzipSync(readFileSync(path)));
  const payload = instrumentPayload(instrument.split(':')[1]!, tickSize, stepSize);
  return [{ channel: 'instrument', payload, receiveTimeUs: events[0]!.receiveTimeUs }, ...events];
}

/** Text of a file of shared/data/frames; undefined, said, where it is absent. */
export function readSharedFrames(file: string): string | undefined {
  const path = join(DATA, 'frames', file);
  return isAbsent(path) ? undefined : readFileSync(path, 'utf8');
}

export function instrumentPayload(symbol: string, tickSize: string, stepSize: string): Buffer {
  const filters = [
    { filterType: 'PRICE_FILTER', tickSize },
    { filterType: 'LOT_SIZE', stepSize },
  ];
  return Buffer.from(JSON.stringify({ symbol, filters }));
}

function isAbsent(path: string): boolean {
  if (existsSync(path)) return false;
  console.log(`SKIP: no recording ${path}; set DON_SHARED_DATA to the folder of the recordings.`);
  return true;
}

/** Lines `<receive time, ns or µs> <frame>`. */
export function readFrames(bytes: Buffer): CapturedEvent[] {
  const events: CapturedEvent[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    const space = bytes.indexOf(0x20, start);
    const receiveTimeUs = Number(bytes.toString('latin1', start, Math.min(space, start + 16)));
    events.push({ receiveTimeUs, ...cutFrame(bytes.subarray(space + 1, end)) });
    start = end + 1;
  }
  return events;
}

const WRAPPER = /^\{"stream":"([^"]*)","data":/;

/** Channel and payload of a combined frame, or of a bare REST depth answer. */
export function cutFrame(frame: Buffer): { readonly channel: string; readonly payload: Buffer } {
  const wrapper = WRAPPER.exec(frame.toString('utf8', 0, 120));
  if (wrapper === null) return { channel: 'depthSnapshot', payload: frame };
  const [symbol, name = ''] = wrapper[1]!.split('@');
  const channel = symbol === '!forceOrder' ? 'forceOrder' : symbol === '!bookTicker' ? 'bookTicker' : name;
  return { channel, payload: frame.subarray(Buffer.byteLength(wrapper[0]), -1) };
}
