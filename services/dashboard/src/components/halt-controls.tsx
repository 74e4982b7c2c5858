import { useState } from 'preact/hooks';
import { tell } from '../api/client.ts';
import { stillPending } from '../market/told-command.ts';
import type { TradingAccount } from '../market/trading.ts';
import { toldCommands, tradingAccounts } from '../session.ts';
import { useStore } from '../store/use-store.ts';
import { HaltDialog, type HaltOrder } from './halt-dialog.tsx';

/**
 * The kill switch of an account, and its end. What was told is shown as told until the account says so itself; a halt
 * can be told again meanwhile, with the position closed this time.
 */
export function HaltControls(props: { readonly account: TradingAccount; readonly onTold: (message: string) => void }) {
  const { account, state, session } = props.account;
  const [isAsking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const pending = useStore(toldCommands).get(account);
  const isHalted = state === 'halted';
  const isExposed = session !== null && session.position !== 0;
  // What has ended has no order to cancel, and would not say that it is halted.
  const hasEnded = session === null && state !== 'waiting';

  async function send(command: 'halt' | 'resume', body: HaltOrder | object): Promise<void> {
    setAsking(false);
    setRefusal(null);
    const answer = await tell(`/trading/${encodeURIComponent(account)}/${command}`, body);
    if (!answer.isOk) {
      setRefusal(`${answer.problem.title}: ${answer.problem.detail}`);
      return;
    }
    const flattens = 'flatten' in body && body.flatten === true;
    const told = new Map(toldCommands.get()).set(account, { command, flattens });
    // The account may have said that it is done before the answer came.
    const pending = stillPending(told, tradingAccounts.get() ?? []);
    toldCommands.set(pending);
    if (pending.has(account)) props.onTold(`${account} is told to ${command}`);
  }

  if (hasEnded) return null;
  return (
    <div class="halt">
      {refusal === null ? null : (
        <span class="field-problem" role="alert">
          {refusal}
        </span>
      )}
      {pending === undefined ? null : (
        <span class="dim" role="status">
          <span class="spinner" /> told to {pending.command}
          {pending.flattens ? ' and close the position' : ''}
        </span>
      )}
      {!isHalted || isExposed ? (
        <button
          type="button"
          class="button button-danger"
          aria-label={isHalted ? `Close position of ${account}` : `Halt ${account}`}
          aria-haspopup="dialog"
          onClick={() => setAsking(true)}
        >
          {isHalted ? 'Close position' : 'Halt'}
        </button>
      ) : null}
      {isHalted && pending === undefined ? (
        <button type="button" class="button" aria-label={`Resume ${account}`} onClick={() => send('resume', {})}>
          Resume
        </button>
      ) : null}
      {isAsking ? (
        <HaltDialog
          account={account}
          flattens={isHalted}
          onHalt={(order) => send('halt', order)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}
