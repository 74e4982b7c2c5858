import { parseEntryId } from '../../../streams/id.ts';
import { commandsTaken, type StoredSession } from '../../trader/stored-session.ts';

/** How long of a part of a session it was halted, ms: by the log's clock, at which commands were taken. */
export function haltedMs(session: Pick<StoredSession, 'opened' | 'stored'>, fromMs: number, toMs: number): number {
  const within = (ms: number): number => Math.min(Math.max(ms, fromMs), toMs);
  let [sum, sinceMs] = [0, session.opened.isHalted ? fromMs : undefined];
  for (const { command, afterEntryId } of commandsTaken(session)) {
    const takenMs = within(parseEntryId(afterEntryId).ms);
    if (command === 'halt') sinceMs ??= takenMs;
    if (command !== 'resume' || sinceMs === undefined) continue;
    sum += takenMs - sinceMs;
    sinceMs = undefined;
  }
  return sinceMs === undefined ? sum : sum + toMs - sinceMs;
}
