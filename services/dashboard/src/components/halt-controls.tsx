import { useState } from 'preact/hooks';
import { tell } from '../api/client.ts';
import type { TradingAccount } from '../market/trading.ts';

/** The kill switch of an account, and its end. What was told is shown as told until the account says so itself. */
export function HaltControls(props: { readonly account: TradingAccount; readonly onTold: (message: string) => void }) {
  const { account, state } = props.account;
  const [isAsking, setAsking] = useState(false);
  const [told, setTold] = useState<'halted' | 'resumed' | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const isHalted = state === 'halted';
  const isPending = told !== null && (told === 'halted') !== isHalted;

  async function send(command: 'halt' | 'resume', body: object): Promise<void> {
    setAsking(false);
    const answer = await tell(`/trading/${encodeURIComponent(account)}/${command}`, body);
    setRefusal(answer.isOk ? null : answer.problem.detail);
    if (!answer.isOk) return;
    setTold(command === 'halt' ? 'halted' : 'resumed');
    props.onTold(`${account} is told to ${command}`);
  }

  if (isAsking)
    return (
      <fieldset class="halt" aria-label={`Halt ${account}`}>
        <button type="button" class="button button-danger" onClick={() => send('halt', { flatten: false })}>
          Cancel orders
        </button>
        <button type="button" class="button button-danger" onClick={() => send('halt', { flatten: true })}>
          Cancel orders and close the position
        </button>
        <button type="button" class="button" onClick={() => setAsking(false)}>
          Back
        </button>
      </fieldset>
    );
  return (
    <div class="halt">
      {refusal === null ? null : (
        <span class="field-problem" role="alert">
          {refusal}
        </span>
      )}
      {isPending ? (
        <span class="dim" role="status">
          <span class="spinner" /> told to {told === 'halted' ? 'halt' : 'resume'}
        </span>
      ) : isHalted ? (
        <button type="button" class="button" aria-label={`Resume ${account}`} onClick={() => send('resume', {})}>
          Resume
        </button>
      ) : (
        <button
          type="button"
          class="button button-danger"
          aria-label={`Halt ${account}`}
          onClick={() => setAsking(true)}
        >
          Halt
        </button>
      )}
    </div>
  );
}
