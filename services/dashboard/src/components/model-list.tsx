import { useCallback, useState } from 'preact/hooks';
import { get, itemsOf } from '../api/client.ts';
import { percent } from '../format/decimal.ts';
import { dateTime } from '../format/time.ts';
import { byName, type ModelLine, modelTitle, readModel, type Stage } from '../training/model.ts';
import { boundsText, sharpeText } from './figures-table.tsx';
import { ProblemText } from './problem-text.tsx';
import { ItemButton } from './training-item.tsx';
import { usePolled } from './use-polled.ts';

const PERIOD_MS = 5_000;
const SHOWN = 100;
/** As the API lists them at most. */
const SHOWN_MAX = 1_000;

interface ModelListProps {
  readonly left: string | null;
  readonly onOpen: (id: string) => void;
}

/** The registry: models by their names, of each the newest first. */
export function ModelList({ left, onOpen }: ModelListProps) {
  const [limit, setLimit] = useState(SHOWN);
  const { value: models, problem } = usePolled(
    useCallback((signal: AbortSignal) => get(`/models?limit=${limit}`, itemsOf('models', readModel), signal), [limit]),
    PERIOD_MS,
  );
  return (
    <>
      <ProblemText problem={problem} />
      {models === null ? (
        problem === null ? (
          <p class="dim">Loading the models</p>
        ) : null
      ) : models.length === 0 ? (
        <p class="dim">
          No model is registered yet: <code>npx don train</code> registers what it trains
        </p>
      ) : (
        byName(models).map((line) => <LineTable key={line.name} line={line} left={left} onOpen={onOpen} />)
      )}
      {models !== null && models.length === limit && limit < SHOWN_MAX ? (
        <button type="button" class="button" onClick={() => setLimit(SHOWN_MAX)}>
          Show more
        </button>
      ) : null}
    </>
  );
}

function LineTable({ line: { name, models }, left, onOpen }: ModelListProps & { readonly line: ModelLine }) {
  const { instrument, isOnBook, interval } = models[0]!;
  return (
    <section class="model-line">
      <h3>
        {name}{' '}
        <span class="dim">
          {instrument} {isOnBook ? 'book ' : ''}
          {interval}
        </span>
      </h3>
      <div class="wide-table">
        <table class="table" aria-label={`Models of ${name}`}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Stage</th>
              <th scope="col" class="number">
                Tested Sharpe
              </th>
              <th scope="col" class="number">
                95 %
              </th>
              <th scope="col" class="number">
                Return
              </th>
              <th scope="col" class="number">
                Seed
              </th>
              <th scope="col">Registered (UTC)</th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <tr key={model.id}>
                <td>
                  <ItemButton label={modelTitle(model)} hasBeenLeft={model.id === left} onOpen={() => onOpen(model.id)}>
                    v{model.number}
                  </ItemButton>
                </td>
                <td>
                  <StageBadge stage={model.stage} />
                </td>
                <td class="number">{sharpeText(model.tested?.sharpe ?? null)}</td>
                <td class="number">{boundsText(model.tested?.sharpeInterval ?? null)}</td>
                <td class="number">{model.tested === null ? '–' : percent(model.tested.total)}</td>
                <td class="number">{model.seed}</td>
                <td class="dim">{dateTime(model.createdMs).slice(0, 16)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const BADGES: Readonly<Record<Stage, string>> = {
  candidate: 'badge-candidate',
  paper: 'badge-simulated',
  live: 'badge-live',
  archived: 'badge-archived',
};

/** Paper and money look as they do where they trade. */
export function StageBadge({ stage }: { readonly stage: Stage }) {
  return <span class={`badge ${BADGES[stage]}`}>{stage.toUpperCase()}</span>;
}
