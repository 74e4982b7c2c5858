import { setTimeout as sleep } from 'node:timers/promises';
import type { RowSender } from '../../infra/questdb/sender.ts';

const STORE_EVERY_MS = 1_000;
const CHECKPOINT_EVERY_MS = 5_000;
/** Rows that may wait for QuestDB; then reading waits too. */
export const ROWS_WAITING_MAX = 50_000;

export interface StoreRowsOptions {
  readonly sender: RowSender;
  /** Takes down how far each reader is. @returns what stores that, once the rows so far are stored */
  readonly saves: () => readonly (() => Promise<void>)[];
  readonly onStored?: (rows: number) => void;
  /** Rows or checkpoints that are not taken: they stay, and are tried again. */
  readonly onRefusal?: (error: unknown) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Commits rows as they come, and then how far their readers are, until the signal aborts: a checkpoint says that they are there. */
export async function storeRows({ sender, saves, onStored, onRefusal, signal }: StoreRowsOptions): Promise<void> {
  let checkpointAtMs = 0;
  while (!signal?.aborted) {
    const isDue = performance.now() >= checkpointAtMs;
    const writes = isDue ? saves() : [];
    const rows = sender.pending;
    try {
      await sender.flush();
      onStored?.(rows);
      for (const write of writes) await write();
      if (isDue) checkpointAtMs = performance.now() + CHECKPOINT_EVERY_MS;
    } catch (error) {
      onRefusal?.(error);
    }
    await sleep(STORE_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
