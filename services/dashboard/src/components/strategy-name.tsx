import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client.ts';
import { modelOfStrategy, modelTitle, readModel } from '../training/model.ts';

/** The strategy of a session; one that is a model by its name, which leads to it. */
export function StrategyName(props: { readonly strategy: string; readonly onModel: (id: string) => void }) {
  const { strategy, onModel } = props;
  const id = modelOfStrategy(strategy);
  const [title, setTitle] = useState<string | null>(null);
  useEffect(() => {
    setTitle(null);
    if (id === null) return;
    const aborted = new AbortController();
    void get(`/models/${encodeURIComponent(id)}`, readModel, aborted.signal).then((answer) => {
      if (answer.isOk) setTitle(modelTitle(answer.value));
    });
    return () => aborted.abort();
  }, [id]);
  if (id === null) return <>{strategy}</>;
  return (
    <button type="button" class="link-button" onClick={() => onModel(id)}>
      {title ?? strategy}
    </button>
  );
}
