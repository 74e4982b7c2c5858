import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { EventToAppend } from '../../streams/entry.ts';

const DATA = process.env['DON_SHARED_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data');
const CAPTURES = process.env['DON_CAPTURES'] ?? join(DATA, 'captures');

/** A frame as a capture holds it, and what is in it. */
export interface CapturedFrame extends EventToAppend {
  readonly payload: string;
  /** The frame's whole text. */
  readonly frame: string;
}

const CHANNELS: Readonly<Record<string, string>> = {
  'depth@0ms': 'depth',
  'depth@100ms': 'depth',
  'markPrice@1s': 'markPrice',
  kline_1m: 'kline_1m',
  trade: 'trade',
  aggTrade: 'aggTrade',
  bookTicker: 'bookTicker',
  forceOrder: 'forceOrder',
};

/** Folder of a file of the shared recordings; undefined, with a line that says so, where they are not there. */
export function sharedFile(folder: 'captures' | 'frames', name: string): string | undefined {
  const path = join(folder === 'captures' ? CAPTURES : join(DATA, folder), name);
  if (existsSync(path)) return path;
  console.log(`SKIP: no recording ${path}; set DON_SHARED_DATA to the folder of the recordings.`);
  return undefined;
}

/** The frames of a file of `<receive time, ns or µs> <frame>` lines. */
export function readFrames(path: string): CapturedFrame[] {
  const bytes = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
  return lines.map((line) => {
    const space = line.indexOf(' ');
    const time = line.slice(0, space);
    const receiveTimeUs = Number(time.length > 16 ? time.slice(0, 16) : time);
    const frame = line.slice(space + 1);
    return { receiveTimeUs, frame, ...cut(frame) };
  });
}

/** Channel and exact payload text of a combined frame, or of a REST depth snapshot. */
function cut(frame: string): { channel: string; payload: string } {
  const stream = /^\{"stream":"[^@"]*@([^"]*)","data":/.exec(frame);
  if (stream === null) return { channel: 'depthSnapshot', payload: frame };
  const arrayless = stream[1] === 'arr' ? 'forceOrder' : stream[1]!;
  return { channel: CHANNELS[arrayless] ?? arrayless, payload: frame.slice(stream[0].length, -1) };
}
