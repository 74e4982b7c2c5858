import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { tell } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { modelTitle, type RegisteredModel } from '../training/model.ts';
import type { StageOrder } from '../training/stage-order.ts';
import { Dialog } from './dialog.tsx';
import { ProblemText } from './problem-text.tsx';

/** As the API takes it. */
const REASON_LENGTH_MAX = 500;
const CONFLICT = 409;

/** Asks why a model is to change its stage, and says why it may not. */
export function StageDialog(props: {
  readonly model: RegisteredModel;
  readonly order: StageOrder;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { model, order, onDone, onClose } = props;
  const [reason, setReason] = useState('');
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const field = useRef<HTMLInputElement>(null);
  // At once, not after the next drawing: what is typed before it would go elsewhere.
  useLayoutEffect(() => field.current?.focus(), []);
  const title = `${order.label}: ${modelTitle(model)}`;

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (isSending) return;
    setSending(true);
    setProblem(null);
    const answer = await tell(order.path, { ...order.body, why: reason.trim() });
    setSending(false);
    if (answer.isOk) onDone();
    else setProblem(answer.problem);
  }

  return (
    <Dialog label={title} class="help halt-dialog stage-dialog" onClose={onClose}>
      <form onSubmit={submit}>
        <h2>{title}</h2>
        <p class="dim">{order.says}</p>
        {order.kind === 'promote' && order.body['to'] === 'live' ? (
          <p class="dim">
            Its trading on paper has to be shown, too, which is done by{' '}
            <code>npx don models promote {modelTitle(model)} --account ACCOUNT --why …</code>
          </p>
        ) : null}
        <label class="halt-reason">
          Reason
          <input
            ref={field}
            type="text"
            required
            // A space alone says nothing.
            pattern=".*\S.*"
            maxLength={REASON_LENGTH_MAX}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <Refusal problem={problem} />
        <div class="halt-buttons">
          <button type="button" class="button" onClick={onClose}>
            Back
          </button>
          <button type="submit" class={`button ${order.isGrave ? 'button-danger' : ''}`} aria-disabled={isSending}>
            {order.label}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The rules that were broken, a line each; else why it was refused. */
function Refusal({ problem }: { readonly problem: Problem | null }) {
  if (problem === null || problem.status !== CONFLICT || problem.errors.length === 0)
    return <ProblemText problem={problem} />;
  return (
    <div class="refusal" role="alert">
      <b>It stays as it is:</b>
      <ul>
        {problem.errors.map(({ field, expected, found }) => (
          <li key={field}>
            <code>{field}</code>: expected {expected}, found {found ?? 'nothing'}
          </li>
        ))}
      </ul>
    </div>
  );
}
