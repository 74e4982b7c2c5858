import type { Log } from '../../infra/service.ts';
import type { SessionOpened, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import type { Entry } from '../../streams/entry.ts';
import { compareEntryIds } from '../../streams/id.ts';
import type { LoadedStrategy } from '../backtest/load-strategy.ts';
import { runStrategy } from '../backtest/strategy-failure.ts';
import type { AccountLedger } from './account-ledger.ts';
import type { SessionView } from './account-status.ts';
import { featuresAwaited } from './features-awaited.ts';
import { createInTurn } from './in-turn.ts';
import { openPaperSession, type Told } from './paper-session.ts';
import { sessionClosed } from './session-closed.ts';
import { countUpTo, createSessionLog } from './session-log.ts';

/** A paper session's orders end as soon as its market is told on, some milliseconds later; without a market they never do. */
const CLOSE_WAIT_MS = 5_000;

export interface SessionRunnerOptions {
  readonly account: string;
  readonly opened: SessionOpened;
  readonly strategy: LoadedStrategy;
  readonly ledger: AccountLedger;
  /** Resolves once they are in the ledger: nothing goes on before. */
  readonly write: (events: readonly TraderEvent[]) => Promise<void>;
  readonly log: Log;
  /** How long a session that is stopped waits for its orders to end, ms. */
  readonly closeWaitMs?: number | undefined;
}

/** Runs one session: again what is in the ledger, and then on. What it is told to do is done one after the other. */
export interface SessionRunner {
  readonly view: SessionView;
  /** Why it does not trade though it runs; null: it does. */
  readonly waitsFor: string | null;
  /** Whether all that the ledger has of it has been run again. */
  readonly isThrough: boolean;
  readonly isClosed: boolean;
  /** Called once it is closed. */
  onClosed: () => void;
  /** Takes in entries, with what the session was told then at the places where it was told. */
  take(entries: readonly Entry[]): Promise<void>;
  /** Looks for commands. */
  look(): Promise<void>;
  /** Ends this process's part: nothing more is heard or sent, and no order is left that nobody looks after. */
  release(): Promise<void>;
}

export function createSessionRunner(options: SessionRunnerOptions): SessionRunner {
  const { account, opened, strategy, ledger, write, log, closeWaitMs = CLOSE_WAIT_MS } = options;
  const paper = runStrategy(
    strategy.definition,
    () => opened.tradesFromUs,
    () => openPaperSession(opened, strategy),
  );
  const stored = createSessionLog(ledger.session.slice(1));
  let closing: { readonly flattens: boolean; readonly untilMs: number } | undefined;
  let isClosed = false;
  const inTurn = createInTurn();

  async function flush(): Promise<void> {
    const fresh = stored.check(paper.take());
    if (fresh.length > 0) await write(fresh);
  }

  async function obey(told: Told): Promise<void> {
    paper.obey(told);
    if (told.command === 'stop') closing = { flattens: told.flattens, untilMs: Date.now() + closeWaitMs };
    await flush();
  }

  async function obeyStored(): Promise<void> {
    for (let { next } = stored; next !== undefined; next = stored.next) {
      if (compareEntryIds(next.afterEntryId, paper.lastEntryId) > 0) return;
      await obey({ commandId: next.commandId, command: next.command, flattens: next.flattens });
    }
  }

  /** What came since; not before all that was stored was run again, behind which it is to be. */
  async function obeyWaiting(): Promise<void> {
    while (stored.isThrough && !isClosed && ledger.waiting.length > 0) {
      const { commandId, command } = ledger.waiting[0]!;
      if (command.type === 'start') return close('another session was started');
      const flattens = command.type !== 'resume' && command.flattens;
      await obey({ commandId, command: command.type, flattens });
      log('info', `told to ${command.type}`, { account, by: command.by, flattens });
    }
  }

  async function closeWhenDone(): Promise<void> {
    if (closing === undefined || isClosed || !stored.isThrough) return;
    const { orders, positionSteps } = paper.run.simulation.market;
    const isDone = orders.length === 0 && (!closing.flattens || positionSteps === 0);
    if (isDone) await close('stopped');
    else if (Date.now() > closing.untilMs) await close(`stopped; ${orders.length} orders had not ended by then`);
  }

  async function close(reason: string): Promise<void> {
    const closed = sessionClosed(opened, paper.run.account.state, { reason, toEntryId: paper.lastEntryId });
    await write([closed]);
    isClosed = true;
    runner.onClosed();
    log('info', `session ${closed.session} closed: ${reason}`, { account, equity: closed.equity });
  }

  const { account: paperAccount, simulation } = paper.run;
  const awaited = featuresAwaited(strategy.definition, opened.settings.parameters, simulation.market);
  const runner: SessionRunner = {
    view: {
      account: paperAccount,
      market: simulation.market,
      counts: simulation.counts,
      get lastEntryId() {
        return paper.lastEntryId;
      },
    },
    get waitsFor() {
      return stored.isThrough ? awaited() : null;
    },
    release: async () => {},
    onClosed: () => {},
    get isThrough() {
      return stored.isThrough;
    },
    get isClosed() {
      return isClosed;
    },
    take: (entries) =>
      inTurn(async () => {
        await flush();
        for (let rest = entries; rest.length > 0 && !isClosed; ) {
          await obeyStored();
          await obeyWaiting();
          if (isClosed) return;
          const { next } = stored;
          const count = next === undefined ? rest.length : countUpTo(rest, next.afterEntryId);
          try {
            paper.push(rest.slice(0, count));
          } finally {
            // What was said before a strategy failed was said.
            await flush();
          }
          rest = rest.slice(count);
        }
        await obeyStored();
        await obeyWaiting();
        await closeWhenDone();
      }),
    look: () =>
      inTurn(async () => {
        await ledger.read();
        await obeyWaiting();
        await closeWhenDone();
      }),
  };
  return runner;
}
