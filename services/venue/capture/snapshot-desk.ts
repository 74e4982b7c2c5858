import { ApiError } from '../rest/api-error.ts';

/** Around an answer the play stands still so long, so that a client sees it between the same frames as the recorder did. */
const HOLD_MS = 50;
/** Where the recording's own snapshot is ready, the play waits so long for a subscriber of the depth to ask for it. */
const CLAIM_WAIT_MS = 3_000;
const CLAIM_LOOK_MS = 5;
/** A request that comes before the recording's own snapshot waits so long for it. */
const REQUEST_WAIT_MS = 30_000;
/** After so many diffs the recorded snapshot joins nobody's buffer any more. */
const JOINING_DIFFS = 50;

/**
 * Brings a symbol's first recorded snapshot and the first request for one together, at the place in the recording
 * where it belongs. Clients ask after their first diff, so a snapshot recorded before any waits for that one.
 */
export interface SnapshotDesk {
  /** The recording has come to a snapshot. */
  readonly offer: (text: string) => Promise<void>;
  /** A diff has been played. */
  readonly diffPlayed: () => Promise<void>;
  /** The recorded snapshot, or undefined when the request has to be answered from the book. */
  readonly request: () => Promise<string | undefined>;
}

export function snapshotDesk(options: {
  /** The recording has a snapshot of this symbol somewhere. */
  readonly isExpected: boolean;
  readonly isDepthWanted: () => boolean;
  readonly pause: (ms: number) => Promise<void>;
}): SnapshotDesk {
  const { isExpected, isDepthWanted, pause } = options;
  const waiting = new Set<(text: string) => void>();
  let offered: string | undefined;
  let hasOffered = false;
  let diffs = 0;
  let diffsSinceOffer = 0;
  let isHandingOver = false;

  const handOver = async (text: string): Promise<void> => {
    isHandingOver = true;
    // The looks are counted, so that a claim that comes while the process stands still is not missed.
    for (let looks = 0; looks < CLAIM_WAIT_MS / CLAIM_LOOK_MS && waiting.size === 0 && isDepthWanted(); looks++)
      await pause(CLAIM_LOOK_MS);
    isHandingOver = false;
    if (waiting.size === 0) return;
    await pause(HOLD_MS);
    offered = undefined;
    for (const answer of waiting) answer(text);
    waiting.clear();
    await pause(HOLD_MS);
  };

  return {
    offer: async (text) => {
      if (hasOffered) return;
      hasOffered = true;
      offered = text;
      if (diffs > 0 || waiting.size > 0) await handOver(text);
    },
    diffPlayed: async () => {
      diffs++;
      if (offered === undefined) return;
      diffsSinceOffer++;
      if (diffsSinceOffer === 1) await handOver(offered);
      else if (diffsSinceOffer > JOINING_DIFFS) offered = undefined;
    },
    request: async () => {
      if (!isExpected || (hasOffered && offered === undefined)) return undefined;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(answer);
          reject(new ApiError(503, -1001, 'Internal error; unable to process your request. Please try again.'));
        }, REQUEST_WAIT_MS);
        timer.unref();
        const answer = (text: string): void => {
          clearTimeout(timer);
          resolve(text);
        };
        waiting.add(answer);
        if (offered === undefined || diffsSinceOffer === 0 || isHandingOver) return;
        // The play has gone on without a claim: late, but the snapshot still joins.
        waiting.delete(answer);
        const text = offered;
        offered = undefined;
        answer(text);
      });
    },
  };
}
