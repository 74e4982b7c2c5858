import type { CommandTaken, LiveEvent, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import type { Entry } from '../../streams/entry.ts';
import { compareEntryIds } from '../../streams/id.ts';

/** What a session that is run again says otherwise than it did. */
export class Divergence extends Error {}

/** Compares what a session that is run again says with what it said when it ran first. */
export interface SessionLog<Input> {
  /** Whether all that was stored has been said again. */
  readonly isThrough: boolean;
  /** What it was told next beside the log; undefined: nothing any more. */
  readonly next: Input | undefined;
  /** @returns what is new. @throws Divergence that names the first event which differs */
  check(events: readonly TraderEvent[]): TraderEvent[];
}

/** What a session is told; all else follows from it and the log. */
const INPUTS: ReadonlySet<TraderEvent['type']> = new Set([
  'commandTaken',
  'orderReported',
  'accountReported',
  'tradingPaused',
  'tradingResumed',
  'flattenRepeated',
]);

/** @param stored JSON of the session's events behind its opening */
export function createSessionLog<Input extends CommandTaken | LiveEvent = CommandTaken>(
  stored: readonly string[],
): SessionLog<Input> {
  const inputs = stored
    .map((text) => JSON.parse(text) as TraderEvent)
    .filter((event) => INPUTS.has(event.type)) as Input[];
  let at = 0;
  let told = 0;

  return {
    get isThrough() {
      return at >= stored.length;
    },
    get next() {
      return inputs[told];
    },
    check(events) {
      for (const [n, event] of events.entries()) {
        if (at === stored.length) return events.slice(n);
        const text = JSON.stringify(event);
        if (text !== stored[at])
          throw new Divergence(`event ${at} of the session was ${stored[at]}; run again it is ${text}`);
        at++;
        if (INPUTS.has(event.type)) told++;
      }
      return [];
    },
  };
}

/** How many of the entries are not behind `entryId`. */
export function countUpTo(entries: readonly Entry[], entryId: string): number {
  const at = entries.findIndex((entry) => compareEntryIds(entry.entryId, entryId) > 0);
  return at < 0 ? entries.length : at;
}
