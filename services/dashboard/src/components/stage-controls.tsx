import { useState } from 'preact/hooks';
import { announce } from '../announcer.ts';
import { modelTitle, type RegisteredModel } from '../training/model.ts';
import { type StageOrder, stageOrders } from '../training/stage-order.ts';
import { StageDialog } from './stage-dialog.tsx';

/** The ways on from a model's stage, each asked about before it is gone. */
export function StageControls(props: { readonly model: RegisteredModel; readonly onChanged: () => void }) {
  const { model, onChanged } = props;
  const [asked, setAsked] = useState<StageOrder | null>(null);

  function done({ label }: StageOrder): void {
    setAsked(null);
    announce(`${modelTitle(model)}: ${label}: done`);
    onChanged();
  }

  return (
    <div class="halt">
      {stageOrders(model).map((order) => (
        <button
          key={order.label}
          type="button"
          class={`button ${order.isGrave ? 'button-danger' : ''}`}
          aria-haspopup="dialog"
          onClick={() => setAsked(order)}
        >
          {order.label}
        </button>
      ))}
      {asked === null ? null : (
        <StageDialog model={model} order={asked} onDone={() => done(asked)} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}
