import { get } from '../api/client.ts';
import { fieldsOf } from '../api/fields.ts';
import { usePolled } from './use-polled.ts';

const PERIOD_MS = 10_000;
const COUNTED_MAX = 20;

function askRunning(signal: AbortSignal) {
  return get(
    `/runs?status=running&limit=${COUNTED_MAX}`,
    (body) => fieldsOf('runs', body).list('items').length,
    signal,
  );
}

/** How many training runs go on: leads to the training dialog. */
export function TrainingChip({ onOpen }: { readonly onOpen: () => void }) {
  const { value: count } = usePolled(askRunning, PERIOD_MS);
  return (
    <button
      type="button"
      class="health-item training-chip"
      onClick={onOpen}
      aria-haspopup="dialog"
      title="Training ( m )"
      data-testid="training"
    >
      <span class="health-label">Training</span>
      <span class="health-value">
        <span class={`dot dot-${count === null || count === 0 ? 'idle' : 'good'}`} />
        {count === null ? '–' : count === 0 ? 'no run' : `${count}${count === COUNTED_MAX ? ' or more' : ''} running`}
      </span>
    </button>
  );
}
