import type { TraderEvent } from '../../../operators/ledger/ledger-event.ts';
import { parseEntryId } from '../../../streams/id.ts';
import type { StoredSession } from '../../trader/stored-session.ts';

/** How long of a part of a session it was halted, ms: by the log's clock, at which commands were taken. */
export function haltedMs(
  { opened, stored }: Pick<StoredSession, 'opened' | 'stored'>,
  fromMs: number,
  toMs: number,
): number {
  const within = (ms: number): number => Math.min(Math.max(ms, fromMs), toMs);
  let [sum, sinceMs] = [0, opened.isHalted ? fromMs : undefined];
  for (const text of stored) {
    const event = JSON.parse(text) as TraderEvent;
    if (event.type !== 'commandTaken') continue;
    const { command, afterEntryId } = event;
    const takenMs = within(parseEntryId(afterEntryId).ms);
    if (command === 'halt') sinceMs ??= takenMs;
    if (command !== 'resume' || sinceMs === undefined) continue;
    sum += takenMs - sinceMs;
    sinceMs = undefined;
  }
  return sinceMs === undefined ? sum : sum + toMs - sinceMs;
}
