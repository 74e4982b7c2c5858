import type { Redis } from 'ioredis';
import type { CommandTaken, SessionClosed, SessionOpened, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import { readLedger } from '../../streams/ledger.ts';

/** A session as the ledger has it. */
export interface StoredSession {
  readonly opened: SessionOpened;
  /** JSON of its events behind its opening, but for its end. */
  readonly stored: readonly string[];
  /** null: it runs. */
  readonly closed: SessionClosed | null;
}

interface Found {
  readonly last: StoredSession | undefined;
  readonly refused: string | null;
}

/** The account's last session; undefined: there is none. And why the start behind it was refused; null: none was. */
export async function lastSession(redis: Redis, account: string): Promise<Found> {
  let found: Found = { last: undefined, refused: null };
  for await (found of eachSession(redis, account));
  return found;
}

/** The account's sessions, the oldest first, of which no more than one is held at a time. */
export async function* allSessions(redis: Redis, account: string): AsyncGenerator<StoredSession> {
  for await (const { last } of eachSession(redis, account)) if (last !== undefined) yield last;
}

async function* eachSession(redis: Redis, account: string): AsyncGenerator<Found> {
  let opened: SessionOpened | undefined;
  let closed: SessionClosed | null = null;
  let refused: string | null = null;
  let stored: string[] = [];
  const found = (): Found => ({ last: opened === undefined ? undefined : { opened, stored, closed }, refused });
  for await (const page of readLedger(redis, account)) {
    for (const { n, text } of page) {
      if (n === undefined) continue;
      const event = JSON.parse(text) as TraderEvent;
      if (event.type === 'sessionOpened') {
        if (opened !== undefined) yield found();
        [opened, stored, closed, refused] = [event, [], null, null];
      } else if (event.type === 'sessionClosed') closed = event;
      else if (event.type === 'startRefused') refused = event.reason;
      else if (closed === null) stored.push(text);
    }
  }
  yield found();
}

/** The commands that a session took, in their order. */
export function* commandsTaken({ stored }: Pick<StoredSession, 'stored'>): Generator<CommandTaken> {
  for (const text of stored) {
    const event = JSON.parse(text) as TraderEvent;
    if (event.type === 'commandTaken') yield event;
  }
}
