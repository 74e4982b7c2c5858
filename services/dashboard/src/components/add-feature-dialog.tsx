import { useState } from 'preact/hooks';
import { catalogueState, loadCatalogue } from '../feature-session.ts';
import { ADDED_MAX } from '../market/added-feature.ts';
import type { CatalogueFeature } from '../market/catalogue.ts';
import type { Market } from '../market/market.ts';
import { settings } from '../settings/settings.ts';
import { useStore } from '../store/use-store.ts';
import { Dialog } from './dialog.tsx';
import { FeatureForm } from './feature-form.tsx';
import { FeatureSearch } from './feature-search.tsx';

/** Choice of a feature of the catalogue, and of how it is set. */
export function AddFeatureDialog({ market, onClose }: { readonly market: Market; readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<CatalogueFeature | null>(null);
  const catalogue = useStore(catalogueState);
  const { added } = useStore(settings);
  return (
    <Dialog label="Add feature" class="palette add-dialog" onClose={onClose}>
      {catalogue.kind === 'loading' ? (
        <p class="option dim">Loading the catalogue</p>
      ) : catalogue.kind === 'failed' ? (
        <div class="add-failed" role="alert">
          <strong>{catalogue.problem.title}</strong>
          <span class="dim">{catalogue.problem.detail}</span>
          <button type="button" class="button" onClick={() => void loadCatalogue()}>
            Try again
          </button>
        </div>
      ) : chosen === null ? (
        <FeatureSearch catalogue={catalogue.features} text={text} onText={setText} onChoose={setChosen} />
      ) : (
        <FeatureForm market={market} feature={chosen} onBack={() => setChosen(null)} onDone={onClose} />
      )}
      <p class="add-count">
        {added.length} of at most {ADDED_MAX} added
        {added.length >= ADDED_MAX ? ': remove one before you add another' : ''}
      </p>
    </Dialog>
  );
}
