import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The capture that benchmarks take. */
export const CAPTURE = 'usdm-btcusdt_20240808.gz';

/** A channel and the exact bytes of a payload. */
export type CapturedPayload = readonly [channel: string, payload: Buffer];

/** The BTCUSDT capture's events in order, behind an `instrument` event; undefined where it is not there. */
export function capturePayloads(captures: string | undefined): CapturedPayload[] | undefined {
  const path = captures === undefined ? undefined : join(captures, CAPTURE);
  if (path === undefined || !existsSync(path)) return undefined;
  const filters = [
    { filterType: 'PRICE_FILTER', tickSize: '0.10' },
    { filterType: 'LOT_SIZE', stepSize: '0.001' },
  ];
  const payloads: CapturedPayload[] = [['instrument', Buffer.from(JSON.stringify({ symbol: 'BTCUSDT', filters }))]];
  for (const line of gunzipSync(readFileSync(path)).toString().split('\n')) {
    const frame = line.slice(line.indexOf(' ') + 1);
    const channel = /^\{"stream":"[^@"]+@(\w+)[^"]*","data":/.exec(frame);
    if (channel !== null) payloads.push([channel[1]!, Buffer.from(frame.slice(channel[0].length, -1))]);
    else if (frame.startsWith('{"lastUpdateId"')) payloads.push(['depthSnapshot', Buffer.from(frame)]);
  }
  return payloads;
}
