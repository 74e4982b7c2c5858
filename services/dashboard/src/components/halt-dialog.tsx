import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';

export interface HaltOrder {
  readonly flatten: boolean;
  readonly reason?: string;
}

/** As the API takes it. */
const REASON_LENGTH_MAX = 500;

/** Asks how an account is to be halted. */
export function HaltDialog(props: {
  readonly account: string;
  /** What is chosen at first. */
  readonly flattens: boolean;
  readonly onHalt: (order: HaltOrder) => void;
  readonly onClose: () => void;
}) {
  const { account, onHalt, onClose } = props;
  const [flatten, setFlatten] = useState(props.flattens);
  const [reason, setReason] = useState('');
  const form = useRef<HTMLFormElement>(null);
  // At once, not after the next drawing: what is typed before it would go elsewhere.
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('input:checked')?.focus(), []);

  function submit(event: Event): void {
    event.preventDefault();
    const said = reason.trim();
    onHalt(said === '' ? { flatten } : { flatten, reason: said });
  }

  return (
    <Dialog label={`Halt ${account}`} class="help halt-dialog" onClose={onClose}>
      <form ref={form} onSubmit={submit}>
        <h2>Halt {account}</h2>
        <p class="dim">No order passes until it is resumed, also after restarts.</p>
        <fieldset>
          <legend class="unseen">What becomes of orders and position</legend>
          <label>
            <input type="radio" name="flatten" checked={!flatten} onChange={() => setFlatten(false)} />
            Cancel orders
          </label>
          <label>
            <input type="radio" name="flatten" checked={flatten} onChange={() => setFlatten(true)} />
            Cancel orders and close the position
          </label>
        </fieldset>
        <label class="halt-reason">
          Reason, if you like
          <input
            type="text"
            maxLength={REASON_LENGTH_MAX}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <div class="halt-buttons">
          <button type="button" class="button" onClick={onClose}>
            Back
          </button>
          <button type="submit" class="button button-danger">
            Halt
          </button>
        </div>
      </form>
    </Dialog>
  );
}
