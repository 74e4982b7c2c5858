import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type CaptureOptions, captureSource } from '../../../../services/venue/capture/capture-source.ts';
import { startVenue, type Venue } from '../../../../services/venue/venue.ts';

export const START_US = 1_700_000_000_000_000;

function depth(symbol: string, U: number, u: number, pu: number, bids: string[][], asks: string[][]): string {
  const name = symbol.toLowerCase();
  const levels = (side: string[][]) => JSON.stringify(side);
  return `{"stream":"${name}@depth@0ms","data":{"e":"depthUpdate","E":17,"T":16,"s":"${symbol}","U":${U},"u":${u},"pu":${pu},"b":${levels(bids)},"a":${levels(asks)}}}`;
}
export function trade(symbol: string, t: number, p: string, q: string): string {
  return `{"stream":"${symbol.toLowerCase()}@trade","data":{"e":"trade","E":18,"T":${1000 + t},"s":"${symbol}","t":${t},"p":"${p}","q":"${q}","X":"MARKET","m":false}}`;
}

export const SNAPSHOT =
  '{"lastUpdateId": 25, "E": 17, "T": 16, "bids": [["100.50","1.000"],["100.00","2.000"]], "asks": [["101.00","3.000"]]}';
export const FRAMES: readonly string[] = [
  depth('BTCUSDT', 10, 20, 9, [['100.50', '1.000']], []),
  trade('BTCUSDT', 1, '100.50', '0.500'),
  depth('BTCUSDT', 22, 30, 20, [['100.00', '2.500']], []),
  SNAPSHOT,
  trade('BTCUSDT', 2, '101.00', '0.250'),
  '{"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":19,"s":"BTCUSDT","p":"100.7","P":"100.8","i":"100.9","r":"0.0001","T":99}}',
  depth('BTCUSDT', 31, 40, 30, [['100.50', '0.000']], [['101.50', '4.000']]),
  `{"stream":"btcusdt@trade","data":{"e":"trade","E":18,"T":10`,
  trade('BTCUSDT', 4, '100.50', '1.750'),
];

/** A capture of `frames`, 10 ms apart, in the ns form. */
export function captureText(frames: readonly string[], everyUs = 10_000): string {
  return frames.map((frame, i) => `${START_US + i * everyUs}000 ${frame}\n`).join('');
}

export async function withCapture(
  files: Record<string, string | Buffer>,
  options: Partial<CaptureOptions>,
  body: (venue: Venue) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'venue-capture-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const errors: Error[] = [];
    const source = await captureSource({
      files: Object.keys(files).map((name) => join(folder, name)),
      pace: 1,
      startWhen: 'manual',
      onError: (error) => void errors.push(error),
      ...options,
    });
    const venue = await startVenue({ source });
    try {
      await body(venue);
      assert.equal(errors, []);
    } finally {
      await venue.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function askDepth(venue: Venue, limit = 1000): Promise<string> {
  return (await fetch(`${venue.restUrl}/fapi/v1/depth?symbol=BTCUSDT&limit=${limit}`)).text();
}
/** The venue has a request for the book. */
export const isAsked = (venue: Venue) => venue.state().rest.requests['/fapi/v1/depth'] === 1;
export const isDone = (venue: Venue) => venue.source.state()['isDone'] === true;
