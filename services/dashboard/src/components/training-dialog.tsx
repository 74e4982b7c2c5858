import { useState } from 'preact/hooks';
import { listOf, type TrainingPlace } from '../training/place.ts';
import { Choice } from './choice.tsx';
import { Dialog, DialogHead } from './dialog.tsx';
import { ModelList } from './model-list.tsx';
import { ModelView } from './model-view.tsx';
import { RunList } from './run-list.tsx';
import { RunView } from './run-view.tsx';

const LISTS = [
  { value: 'runs', text: 'Runs' },
  { value: 'models', text: 'Models' },
] as const;

/** Training runs and the models that they made: two lists, and each of their items by itself. */
export function TrainingDialog(props: { readonly first: TrainingPlace; readonly onClose: () => void }) {
  const [place, setPlace] = useState<TrainingPlace>(props.first);
  /** The item that was left, whose place in its list is where the focus goes on. */
  const [left, setLeft] = useState<string | null>(null);

  function go(next: TrainingPlace): void {
    setLeft('id' in place ? place.id : null);
    setPlace(next);
  }

  return (
    <Dialog label="Training" class="help training" onClose={props.onClose}>
      <DialogHead title="Training" />
      <div class="training-lists">
        <Choice label="What is listed" options={LISTS} value={listOf(place)} onChange={(kind) => go({ kind })} />
      </div>
      {place.kind === 'runs' ? (
        <RunList left={left} onOpen={(id) => go({ kind: 'run', id })} />
      ) : place.kind === 'models' ? (
        <ModelList left={left} onOpen={(id) => go({ kind: 'model', id })} />
      ) : place.kind === 'run' ? (
        <RunView key={place.id} id={place.id} onGo={go} />
      ) : (
        <ModelView key={place.id} id={place.id} onGo={go} />
      )}
    </Dialog>
  );
}
