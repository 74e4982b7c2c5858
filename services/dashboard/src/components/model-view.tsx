import { useCallback } from 'preact/hooks';
import { get } from '../api/client.ts';
import { grouped } from '../format/decimal.ts';
import { dateTime } from '../format/time.ts';
import { decidesOn, modelTitle, type RegisteredModel, readModel, type StageChange } from '../training/model.ts';
import type { TrainingPlace } from '../training/place.ts';
import { Fact, spanText } from './facts.tsx';
import { FiguresTable } from './figures-table.tsx';
import { StageBadge } from './model-list.tsx';
import { ProblemText } from './problem-text.tsx';
import { StageControls } from './stage-controls.tsx';
import { ItemHead } from './training-item.tsx';
import { usePolled } from './use-polled.ts';

const PERIOD_MS = 5_000;

interface ModelViewProps {
  readonly id: string;
  readonly onGo: (place: TrainingPlace) => void;
}

/** One model: where it comes from, what it was worth, what became of it, and its next stage. */
export function ModelView({ id, onGo }: ModelViewProps) {
  const {
    value: model,
    problem,
    ask,
  } = usePolled(
    useCallback((signal: AbortSignal) => get(`/models/${encodeURIComponent(id)}`, readModel, signal), [id]),
    PERIOD_MS,
  );
  return (
    <>
      <ItemHead title={model === null ? `Model ${id}` : modelTitle(model)} list="models" onGo={onGo}>
        {model === null ? null : (
          <>
            <StageBadge stage={model.stage} />
            <StageControls model={model} onChanged={ask} />
          </>
        )}
      </ItemHead>
      <ProblemText problem={problem} />
      {model === null ? (
        problem === null ? (
          <p class="dim">Loading the model</p>
        ) : null
      ) : (
        <div class="item">
          <Lineage model={model} onGo={onGo} />
          <section>
            <h4>Test span, which nothing was learned of</h4>
            <FiguresTable
              label="Test span"
              instrument={model.instrument}
              figures={[...(model.tested === null ? [] : [model.tested]), ...model.baselines]}
            />
          </section>
          <History changes={model.history} />
        </div>
      )}
    </>
  );
}

function Lineage({ model, onGo }: { readonly model: RegisteredModel; readonly onGo: ModelViewProps['onGo'] }) {
  const { id, instrument, recording, featureHash, train, test, seed, steps } = model;
  const { backend, codeVersion, parent, runId, createdMs } = model;
  return (
    <dl class="facts">
      <Fact name="Id">
        <code>{id}</code>
      </Fact>
      <Fact name="Trades">
        {instrument}, {decidesOn(model)}
      </Fact>
      <Fact name="Features">
        <code>{featureHash}</code>
      </Fact>
      <Fact name="Trained on">
        {spanText(train)}, recording {recording}
      </Fact>
      <Fact name="Tested on">{spanText(test)}</Fact>
      <Fact name="Training">
        {grouped(steps, 0)} steps, seed {seed}, {backend}
      </Fact>
      <Fact name="Code">{codeVersion}</Fact>
      <Fact name="Parent">
        {parent === null ? (
          'none'
        ) : (
          <button type="button" class="link-button" onClick={() => onGo({ kind: 'model', id: parent })}>
            <code>{parent}</code>
          </button>
        )}
      </Fact>
      <Fact name="Run">
        {runId === null ? (
          'none'
        ) : (
          <button type="button" class="link-button" onClick={() => onGo({ kind: 'run', id: runId })}>
            <code>{runId}</code>
          </button>
        )}
      </Fact>
      <Fact name="Registered">{dateTime(createdMs)} UTC</Fact>
    </dl>
  );
}

/** The newest first. */
function History({ changes }: { readonly changes: readonly StageChange[] }) {
  return (
    <section>
      <h4>Stages</h4>
      <div class="wide-table">
        <table class="table history" aria-label="Stages">
          <thead>
            <tr>
              <th scope="col">When (UTC)</th>
              <th scope="col">What</th>
              <th scope="col">From, to</th>
              <th scope="col">Who</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {changes.toReversed().map(({ kind, from, to, who, why, timeMs }) => (
              <tr key={`${timeMs} ${kind} ${to}`}>
                <td>{dateTime(timeMs)}</td>
                <td>{kind}</td>
                <td>{from === null ? to : `${from} → ${to}`}</td>
                <td>{who}</td>
                <td class="history-why">{why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
