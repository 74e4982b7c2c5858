import type { Redis } from 'ioredis';
import type { CommandTaken, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import { compareEntryIds } from '../../streams/id.ts';
import { replay } from '../../streams/replay.ts';
import { StrategyFailure } from '../backtest/strategy-failure.ts';
import type { SessionAgain } from './run-again.ts';
import { countUpTo } from './session-log.ts';
import type { StoredSession } from './stored-session.ts';

/**
 * Runs a paper session over the span that it traded, up to an entry or the end of the log, whatever the ledger says of what came of it: only the
 * commands that it was told come from there, at their places.
 */
export async function backtestOfSession(
  redis: Redis,
  { opened, stored }: StoredSession,
  again: SessionAgain,
  to?: string,
): Promise<void> {
  const { settings, fromEntryId: from } = opened;
  const commands = stored
    .map((text) => JSON.parse(text) as TraderEvent)
    .filter((event): event is CommandTaken => event.type === 'commandTaken');
  let told = 0;
  const tell = (): void => {
    for (; told < commands.length; told++) {
      if (compareEntryIds(commands[told]!.afterEntryId, again.lastEntryId) > 0) return;
      again.tell(commands[told]!);
    }
  };
  tell();
  try {
    for await (const entries of replay({ redis, instrument: settings.instrument, from, to }))
      for (let rest = entries; rest.length > 0; ) {
        const next = commands[told];
        const count = next === undefined ? rest.length : Math.max(1, countUpTo(rest, next.afterEntryId));
        again.push(rest.slice(0, count));
        tell();
        again.take();
        rest = rest.slice(count);
      }
  } catch (error) {
    // A strategy that failed fails again.
    if (!(error instanceof StrategyFailure)) throw error;
  }
}
