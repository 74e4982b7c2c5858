import type { FrameSink } from '../../services/venue/market-source.ts';
import { modelSource } from '../../services/venue/model/model-source.ts';
import { startVenue } from '../../services/venue/venue.ts';

/** When a frame left the venue. */
export interface SentFrame {
  /** `SYMBOL trade ID` or `SYMBOL depth ID`. */
  readonly key: string;
  /** Milliseconds since the epoch, with a fraction. */
  readonly atMs: number;
}

/** What the venue's process tells its parent. */
export type VenueMessage =
  | { readonly restUrl: string; readonly wsUrl: string }
  | { readonly frames: number; readonly sent: readonly SentFrame[] };

const TELL_EVERY_MS = 250;

/** Of the frames that something is derived of: trades by `a`, depth by `u`. */
const KEYS: Readonly<Record<string, readonly [name: string, id: RegExp]>> = {
  aggTrade: ['trade', /"a":(\d+)/],
  'depth@100ms': ['depth', /"u":(\d+)/],
};

/** The order-flow model at a fixed rate, in a process of its own that tells when each frame left. */
async function main(symbols: readonly string[], rate: number): Promise<void> {
  let sent: SentFrame[] = [];
  let frames = 0;

  function note(stream: string, payload: string): void {
    frames++;
    const at = stream.indexOf('@');
    const [name, id] = KEYS[stream.slice(at + 1)] ?? [];
    if (name === undefined || id === undefined) return;
    const key = `${stream.slice(0, at).toUpperCase()} ${name} ${id.exec(payload)?.[1]}`;
    sent.push({ key, atMs: performance.timeOrigin + performance.now() });
  }

  const model = modelSource({ symbols: [...symbols], seed: 1, anchorMs: Date.now(), pace: 1, rate });
  const source = {
    ...model,
    start: (sink: FrameSink) =>
      model.start({
        ...sink,
        send(stream, payload) {
          if (sink.wants(stream)) note(stream, payload);
          sink.send(stream, payload);
        },
      }),
  };
  const { restUrl, wsUrl } = await startVenue({ source });
  tell({ restUrl, wsUrl });
  setInterval(() => {
    tell({ frames, sent });
    frames = 0;
    sent = [];
  }, TELL_EVERY_MS);
}

function tell(message: VenueMessage): void {
  process.send?.(message);
}

if (import.meta.main) {
  process.on('disconnect', () => process.exit(0));
  await main(process.argv[2]!.split(','), Number(process.argv[3]));
}
