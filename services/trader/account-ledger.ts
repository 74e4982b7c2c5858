import type { Redis } from 'ioredis';
import { createLedgerState, evolveLedger, type LedgerState } from '../../operators/ledger/ledger.ts';
import type { LedgerCommand, LedgerEvent, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import { appendToLedger, LedgerConflict, readLedger } from '../../streams/ledger.ts';

/** A command that waits for the trader. */
export interface WaitingCommand {
  readonly commandId: string;
  readonly command: LedgerCommand;
}

/** The ledger of one account, read as far as it goes. */
export interface AccountLedger {
  readonly state: LedgerState;
  /** The events of the session that runs that were there when the ledger was opened, as they are stored, its opening first. */
  readonly session: readonly string[];
  /** Commands that were not taken yet, oldest first. */
  readonly waiting: readonly WaitingCommand[];
  /** Reads what came since the last call, as the one that writes. @throws LedgerConflict where another trader has too */
  read(): Promise<void>;
  /** The same, as one that only looks on. */
  reread(): Promise<void>;
  /** Writes, and takes in, events of the trader's own. */
  append(events: readonly TraderEvent[]): Promise<void>;
  /** A command needs nothing to be written of it, such as a stop where nothing runs. */
  drop(commandId: string): void;
}

export async function openAccountLedger(redis: Redis, account: string): Promise<AccountLedger> {
  const state = createLedgerState();
  const waiting: WaitingCommand[] = [];
  let session: string[] = [];
  let after = '0-0';
  /** How many of the trader's own events are known. */
  let count = 0;
  let isLoaded = false;

  function takeIn(event: LedgerEvent, text?: string): void {
    evolveLedger(state, event);
    if (event.type === 'sessionOpened') session = [];
    if (event.type === 'sessionOpened' || event.type === 'startRefused') {
      // What was said before it, where nothing ran, needed no answer.
      const { commandId } = event;
      const at = waiting.findIndex((command) => command.commandId === commandId);
      waiting.splice(0, at + 1);
    }
    // What is written by ourselves is not run again, and would only take memory.
    if (text !== undefined) session.push(text);
    if (event.type === 'sessionClosed') session = [];
    if (event.type === 'commandTaken') drop(event.commandId);
  }

  function drop(commandId: string): void {
    const at = waiting.findIndex((command) => command.commandId === commandId);
    if (at >= 0) waiting.splice(at, 1);
  }

  const ledger: AccountLedger = {
    state,
    get session() {
      return session;
    },
    waiting,
    read: () => readOn(true),
    reread: () => readOn(false),
    async append(events) {
      const texts = events.map((event) => JSON.stringify(event));
      await appendToLedger(redis, account, count, texts);
      count += texts.length;
      for (const event of events) takeIn(event);
    },
    drop,
  };

  async function readOn(isWriter: boolean): Promise<void> {
    for await (const page of readLedger(redis, account, after)) {
      for (const { entryId, n, text } of page) {
        after = entryId;
        const event = JSON.parse(text) as LedgerEvent;
        if (n === undefined) {
          evolveLedger(state, event);
          waiting.push({ commandId: entryId, command: event as LedgerCommand });
        } else if (n >= count) {
          if (isLoaded && isWriter)
            throw new LedgerConflict(`account ${account}: another trader has written event ${n}`);
          count++;
          takeIn(event, text);
        }
      }
    }
  }
  await ledger.read();
  isLoaded = true;
  return ledger;
}
