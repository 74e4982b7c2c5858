import type { Instrument } from '../instrument.ts';
import { parseFrame, symbolOf } from './capture-line.ts';
import { type DecimalGrid, decimalGrid } from './decimal-grid.ts';
import { readCapture } from './read-capture.ts';

/** What a first reading of the recordings tells. */
export interface CaptureSurvey {
  readonly instruments: readonly Instrument[];
  /** Events by stream name. */
  readonly streams: ReadonlyMap<string, number>;
  /** The symbol that each file's depth snapshots are of: they do not name it themselves. */
  readonly snapshotSymbols: ReadonlyMap<string, string>;
  /** Symbols of which there is a snapshot. */
  readonly withSnapshot: ReadonlySet<string>;
  readonly lines: number;
  /** Lines without a receive time, or of which it cannot be told what they are. */
  readonly unknownLines: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

interface Grids {
  readonly price: DecimalGrid;
  readonly qty: DecimalGrid;
}

/** @throws Error naming the file that cannot be read, or in which there is no event. */
export async function surveyCaptures(files: readonly string[]): Promise<CaptureSurvey> {
  const streams = new Map<string, number>();
  const grids = new Map<string, Grids>();
  const snapshotSymbols = new Map<string, string>();
  const filesWithSnapshot = new Set<string>();
  let lines = 0;
  let unknownLines = 0;
  let firstUs = Number.POSITIVE_INFINITY;
  let lastUs = 0;

  for (const file of files) {
    const counts = new Map<string, number>();
    for await (const { line } of readCapture(file)) {
      lines++;
      const frame = line === undefined ? { kind: 'unknown' as const } : parseFrame(line.text);
      if (line === undefined || frame.kind === 'unknown') {
        unknownLines++;
        continue;
      }
      firstUs = Math.min(firstUs, line.receiveTimeUs);
      lastUs = Math.max(lastUs, line.receiveTimeUs);
      if (frame.kind === 'snapshot') {
        filesWithSnapshot.add(file);
        continue;
      }
      streams.set(frame.stream, (streams.get(frame.stream) ?? 0) + 1);
      const symbol = symbolOf(frame.stream);
      if (symbol === undefined) continue;
      counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
      let grid = grids.get(symbol);
      if (grid === undefined) {
        grid = { price: decimalGrid(), qty: decimalGrid() };
        grids.set(symbol, grid);
      }
      addNumbers(grid, frame.payload);
    }
    const most = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
    if (most === undefined)
      throw new Error(`capture: ${file} has no frame of a stream, expected lines "<receive time> <JSON>"`);
    snapshotSymbols.set(file, most);
  }
  return {
    instruments: [...grids].map(([symbol, grid]) => inferredInstrument(symbol, grid)),
    streams,
    snapshotSymbols,
    withSnapshot: new Set([...filesWithSnapshot].map((file) => snapshotSymbols.get(file) as string)),
    lines,
    unknownLines,
    firstUs,
    lastUs,
  };
}

const LEVELS = /\["(\d+(?:\.\d+)?)", ?"(\d+(?:\.\d+)?)"\]/g;
const PRICE = /"[pba]": ?"(\d+(?:\.\d+)?)"/g;
const QTY = /"[qBA]": ?"(\d+(?:\.\d+)?)"/g;

/** Prices and quantities of depth, trade, aggTrade and bookTicker payloads; mark prices lie on no grid. */
function addNumbers(grid: Grids, payload: string): void {
  if (/"e": ?"(?:markPriceUpdate|kline|forceOrder)"/.test(payload)) return;
  for (const [, price, qty] of payload.matchAll(LEVELS)) {
    grid.price.add(price as string);
    grid.qty.add(qty as string);
  }
  for (const [, price] of payload.matchAll(PRICE)) grid.price.add(price as string);
  for (const [, qty] of payload.matchAll(QTY)) grid.qty.add(qty as string);
}

function inferredInstrument(symbol: string, grid: Grids): Instrument {
  const price = grid.price.result();
  const qty = grid.qty.result();
  return {
    symbol,
    baseAsset: symbol.replace(/(?:USDT|USDC|USD_PERP)$/, ''),
    pricePrecision: price.decimals,
    quantityPrecision: qty.decimals,
    tickUnits: price.stepUnits,
    stepUnits: qty.stepUnits,
    minNotional: '5',
    maxQty: '1000',
    marketMaxQty: '120',
    maxPrice: '1000000',
  };
}
