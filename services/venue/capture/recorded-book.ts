/** A level as its texts in the recording. */
export type LevelText = readonly [price: string, qty: string];

interface Diff {
  readonly finalUpdateId: number;
  readonly eventTimeMs: number;
  readonly transactionTimeMs: number;
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}

/** A snapshot may be older than diffs received before it; so many of these are kept to be applied again. */
const RECENT_DIFFS = 500;

/** The order book of a recording as far as its diffs and snapshots tell, to answer `GET /fapi/v1/depth`. */
export interface RecordedBook {
  /** Payload of a `depthUpdate`; a damaged one is left out. */
  readonly applyDiff: (payload: string) => void;
  readonly applySnapshot: (text: string) => void;
  readonly snapshotText: (limit: number) => string;
}

export function recordedBook(): RecordedBook {
  const bids = new Map<string, string>();
  const asks = new Map<string, string>();
  const recent: Diff[] = [];
  let lastUpdateId = 0;
  let eventTimeMs = 0;
  let transactionTimeMs = 0;

  const apply = (diff: Diff): void => {
    lastUpdateId = diff.finalUpdateId;
    eventTimeMs = diff.eventTimeMs;
    transactionTimeMs = diff.transactionTimeMs;
    for (const level of diff.bids) applyLevel(bids, level);
    for (const level of diff.asks) applyLevel(asks, level);
  };
  return {
    applyDiff: (payload) => {
      const diff = parseDiff(payload);
      if (diff === undefined) return;
      recent.push(diff);
      if (recent.length > RECENT_DIFFS) recent.shift();
      apply(diff);
    },
    applySnapshot: (text) => {
      const snapshot = parseObject(text);
      const [bidLevels, askLevels] = [levels(snapshot?.['bids']), levels(snapshot?.['asks'])];
      const id = snapshot?.['lastUpdateId'];
      if (typeof id !== 'number' || bidLevels === undefined || askLevels === undefined) return;
      bids.clear();
      asks.clear();
      apply({
        finalUpdateId: id,
        eventTimeMs: Number(snapshot?.['E'] ?? eventTimeMs),
        transactionTimeMs: Number(snapshot?.['T'] ?? transactionTimeMs),
        bids: bidLevels,
        asks: askLevels,
      });
      for (const diff of recent) if (diff.finalUpdateId > id) apply(diff);
    },
    snapshotText: (limit) =>
      `{"lastUpdateId":${lastUpdateId},"E":${eventTimeMs},"T":${transactionTimeMs},"bids":${sideText(bids, -1, limit)},"asks":${sideText(asks, 1, limit)}}`,
  };
}

/** A recorded snapshot cut to `limit` levels a side; the text as it is where it has no more. */
export function limitedSnapshot(text: string, limit: number): string {
  const snapshot = parseObject(text);
  const [bids, asks] = [levels(snapshot?.['bids']), levels(snapshot?.['asks'])];
  if (bids === undefined || asks === undefined || Math.max(bids.length, asks.length) <= limit) return text;
  return JSON.stringify({ ...snapshot, bids: bids.slice(0, limit), asks: asks.slice(0, limit) });
}

function applyLevel(side: Map<string, string>, [price, qty]: LevelText): void {
  if (Number(qty) === 0) side.delete(price);
  else side.set(price, qty);
}

function sideText(side: ReadonlyMap<string, string>, sign: number, limit: number): string {
  const sorted = [...side].sort(([a], [b]) => sign * (Number(a) - Number(b)));
  return JSON.stringify(sorted.slice(0, limit));
}

function parseDiff(payload: string): Diff | undefined {
  const diff = parseObject(payload);
  const [bids, asks] = [levels(diff?.['b']), levels(diff?.['a'])];
  const finalUpdateId = diff?.['u'];
  if (typeof finalUpdateId !== 'number' || bids === undefined || asks === undefined) return undefined;
  const eventTimeMs = Number(diff?.['E'] ?? 0);
  return { finalUpdateId, eventTimeMs, transactionTimeMs: Number(diff?.['T'] ?? eventTimeMs), bids, asks };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function levels(value: unknown): LevelText[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const isLevel = (level: unknown): level is LevelText =>
    Array.isArray(level) && /^\d+(\.\d+)?$/.test(String(level[0])) && /^\d+(\.\d+)?$/.test(String(level[1]));
  return value.every(isLevel) ? value : undefined;
}
