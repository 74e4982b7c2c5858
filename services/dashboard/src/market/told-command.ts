import type { TradingAccount } from './trading.ts';

/** What an account was told from this page, and whether it has done it is not known yet. */
export interface ToldCommand {
  readonly command: 'halt' | 'resume';
  /** Whether the position is to be closed too. */
  readonly flattens: boolean;
}

/** By the account's name. */
export type ToldCommands = ReadonlyMap<string, ToldCommand>;

/** Those of which the accounts do not say that they are done: a button must not say so before them. */
export function stillPending(told: ToldCommands, accounts: readonly TradingAccount[]): ToldCommands {
  const left = [...told].filter(([name, command]) => {
    const account = accounts.find((found) => found.account === name);
    return account === undefined || !isDone(command, account);
  });
  return left.length === told.size ? told : new Map(left);
}

function isDone({ command, flattens }: ToldCommand, { state, session }: TradingAccount): boolean {
  if (command === 'resume') return state !== 'halted';
  return state === 'halted' && !(flattens && session !== null && session.position !== 0);
}
