import { type Simulation, type SimulationOptions, simulation } from '../../../../services/venue/model/simulation.ts';

/** Half a minute before a full hour, so that klines close soon. */
export const ANCHOR_MS = Date.UTC(2026, 10, 25, 11, 59, 30);

export interface Frame {
  readonly stream: string;
  readonly payload: string;
}
/** A run of the model with every frame it sent. */
export interface Run {
  readonly sim: Simulation;
  readonly frames: Frame[];
  /** Parsed payloads of a stream. */
  readonly of: (stream: string) => Record<string, never>[];
}

/** Runs the model for some seconds and keeps every frame of the streams wanted. */
export function run(
  seconds: number,
  options: Partial<SimulationOptions> = {},
  wants: (stream: string) => boolean = ordinary,
): Run {
  const frames: Frame[] = [];
  const sink = {
    wants,
    send: (stream: string, payload: string) => void frames.push({ stream, payload }),
    sendFrame: () => {},
    isCongested: () => false,
  };
  const all = { symbols: ['BTCUSDT', 'ETHUSDT'], seed: 3, anchorMs: ANCHOR_MS, pace: 1, rate: undefined, ...options };
  const sim = simulation(all, sink);
  sim.advance(all.anchorMs + seconds * 1000);
  const of = (stream: string) =>
    frames
      .filter((frame) => frame.stream === stream)
      .map(({ payload }) => JSON.parse(payload) as Record<string, never>);
  return { sim, frames, of };
}

/** Every kind of stream, but each at one speed or interval. */
function ordinary(stream: string): boolean {
  return !/@kline_(?!1m)|@depth(?!@100ms)/.test(stream);
}
