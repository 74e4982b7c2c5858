import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CatalogueFeature } from '../market/catalogue.ts';
import { searchCatalogue } from '../market/catalogue-search.ts';
import { describeCustomState } from '../market/custom-feature.ts';

/** Search of the catalogue. The focus stays in the field; the arrow keys move among what is found. */
export function FeatureSearch(props: {
  readonly catalogue: readonly CatalogueFeature[];
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onChoose: (feature: CatalogueFeature) => void;
}) {
  const { catalogue, text, onText, onChoose } = props;
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const groups = searchCatalogue(catalogue, text);
  const found = groups.flatMap(({ features }) => features);
  const active = found[Math.min(at, found.length - 1)];

  // Coming back from a feature, the search goes on; at once, or what is typed before the next drawing would be lost.
  useLayoutEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (active !== undefined) document.getElementById(idOf(active))?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  function press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0)
      setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
    else if (event.key === 'Enter' && active !== undefined) onChoose(active);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label="Search features"
        aria-expanded="true"
        aria-controls="feature-list"
        aria-autocomplete="list"
        aria-activedescendant={active === undefined ? undefined : idOf(active)}
        placeholder="Search features, such as rsi or order flow"
        value={text}
        onInput={(event) => {
          onText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id="feature-list" class="feature-list" role="listbox" aria-label="Features">
        {groups.map(({ title, features }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of a listbox is no fieldset
          <div key={title} role="group" aria-label={title}>
            <h3>{title}</h3>
            {features.map((feature) => (
              <FeatureOption
                key={feature.name}
                feature={feature}
                isActive={feature === active}
                onChoose={() => onChoose(feature)}
              />
            ))}
          </div>
        ))}
      </div>
      {found.length === 0 ? (
        <p class="option dim">No feature has all of “{text}” in its name, group or formula.</p>
      ) : null}
    </>
  );
}

function idOf({ name }: CatalogueFeature): string {
  return `feature-${name}`;
}

function FeatureOption(props: {
  readonly feature: CatalogueFeature;
  readonly isActive: boolean;
  readonly onChoose: () => void;
}) {
  const { feature, isActive, onChoose } = props;
  const state = feature.custom === null ? null : describeCustomState(feature.custom);
  const units = [...new Set(feature.outputs.map(({ unit }) => unit))];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field moves among the options and chooses
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
    <div id={idOf(feature)} class="option feature-option" role="option" aria-selected={isActive} onClick={onChoose}>
      <span class="feature-option-head">
        <b>{feature.title}</b>
        <code class="dim">{feature.name}</code>
        <span class="feature-unit dim">{units.join(', ')}</span>
      </span>
      {state === null ? null : <span class="feature-meaning feature-off">{state}</span>}
      <span class="feature-meaning dim">{feature.outputs.map(({ meaning }) => meaning).join('; ')}</span>
    </div>
  );
}
