import { DEPTH_SNAPSHOT, DEPTH_UPDATE, type Tape, TRADE } from '../../streams/tape/tape.ts';

/** Says what a run's recording lacks, that a reader must know of. */
export interface MarketWarnings {
  note(tape: Tape): void;
  take(): string[];
}

const LACKS: readonly (readonly [kind: number, text: string])[] = [
  [
    TRADE,
    'No trade is recorded in that span: what rests is filled only where the other side’s best price comes to it, and stops by the last price are never triggered.',
  ],
  [DEPTH_UPDATE, 'No depth is recorded in that span: best prices and queues are not known.'],
  [
    DEPTH_SNAPSHOT,
    'No snapshot of the book is recorded in that span: the book is not known in it, and nothing can be taken from it. Begin earlier.',
  ],
];

export function createMarketWarnings(): MarketWarnings {
  const lacking = new Map(LACKS);
  return {
    note({ kinds }) {
      for (const kind of lacking.keys()) if (kinds.includes(kind)) lacking.delete(kind);
    },
    take: () => [...lacking.values()],
  };
}
