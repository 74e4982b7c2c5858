/** Other recorders of the same instruments, known by the heartbeats that they and we write under one key. */
export interface Peers {
  /** The heartbeat that ours replaced; ours and unreadable ones are passed over. */
  saw(heartbeat: string | null): void;
  /**
   * True while another recorder is heard of that receives the channel, and has done so without a break since then.
   * @param sinceMs on the clock of `performance.now`; where it is left out, receiving it now is enough
   */
  covers(instrument: string, channel: string, sinceMs?: number): boolean;
  /** True where a heartbeat of another recorder was seen that may still be alive but is not proven to be. */
  isUndecided(): boolean;
}

interface Peer {
  heardAtMs: number;
  beats: number;
  timeMs: number;
  /** Instrument → channel that it receives → for how long it had received it without a break, ms. */
  live: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Heartbeats come once a second; one that is older than this may be the last of a recorder that died. */
const FRESH_MS = 1_600;

/**
 * A recorder that comes up has missed the channels without a chain since it was last up, unless another one received
 * them: whichever of two comes up while the other is live misses nothing of the log they share.
 *
 * A heartbeat that was found on starting proves nothing, its writer may have been ourselves before a crash; the second
 * one does.
 */
export function createPeers(
  selfId: string,
  { nowMs = () => performance.now(), freshMs = FRESH_MS }: { nowMs?: () => number; freshMs?: number } = {},
): Peers {
  const peers = new Map<string, Peer>();
  const isFresh = (peer: Peer) => nowMs() - peer.heardAtMs < freshMs;

  return {
    saw(heartbeat) {
      const beat = heartbeat === null ? undefined : parseHeartbeat(heartbeat);
      if (beat === undefined || beat.id === selfId) return;
      const peer = peers.get(beat.id);
      if (peer !== undefined && beat.timeMs <= peer.timeMs) return;
      peers.set(beat.id, {
        heardAtMs: nowMs(),
        beats: (peer?.beats ?? 0) + 1,
        timeMs: beat.timeMs,
        live: beat.live,
      });
    },
    covers: (instrument, channel, sinceMs = Number.POSITIVE_INFINITY) =>
      peers.values().some((peer) => {
        const liveForMs = peer.live.get(instrument)?.get(channel);
        if (liveForMs === undefined || peer.beats < 2 || !isFresh(peer)) return false;
        // A heartbeat is heard a little after it was written, so that the time reckoned here is never too early.
        return peer.heardAtMs - liveForMs <= sinceMs;
      }),
    isUndecided: () => peers.values().some((peer) => peer.beats === 1 && isFresh(peer) && peer.live.size > 0),
  };
}

function parseHeartbeat(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { id, timeMs, live } = Object(value) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof timeMs !== 'number' || typeof live !== 'object' || live === null)
    return undefined;
  const channels = Object.entries(live)
    .map(([instrument, forMs]) => [instrument, durationsOf(forMs)] as const)
    .filter(([, forMs]) => forMs.size > 0);
  return { id, timeMs, live: new Map(channels) };
}

function durationsOf(value: unknown): ReadonlyMap<string, number> {
  const entries = Object.entries(Object(value) as Record<string, unknown>);
  return new Map(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
