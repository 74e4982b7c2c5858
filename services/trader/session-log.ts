import type { CommandTaken, TraderEvent } from '../../operators/ledger/ledger-event.ts';

/** What a session that is run again says otherwise than it did. */
export class Divergence extends Error {}

/** Compares what a session that is run again says with what it said when it ran first. */
export interface SessionLog {
  /** Whether all that was stored has been said again. */
  readonly isThrough: boolean;
  /** The next command that was taken then; undefined: none any more. */
  readonly next: CommandTaken | undefined;
  /** @returns what is new. @throws Divergence that names the first event which differs */
  check(events: readonly TraderEvent[]): TraderEvent[];
}

/** @param stored JSON of the session's events behind its opening */
export function createSessionLog(stored: readonly string[]): SessionLog {
  const commands = stored
    .map((text) => JSON.parse(text) as TraderEvent)
    .filter((event): event is CommandTaken => event.type === 'commandTaken');
  let at = 0;
  let command = 0;

  return {
    get isThrough() {
      return at >= stored.length;
    },
    get next() {
      return commands[command];
    },
    check(events) {
      for (const [n, event] of events.entries()) {
        if (at === stored.length) return events.slice(n);
        const text = JSON.stringify(event);
        if (text !== stored[at])
          throw new Divergence(`event ${at} of the session was ${stored[at]}; run again it is ${text}`);
        at++;
        if (event.type === 'commandTaken') command++;
      }
      return [];
    },
  };
}
