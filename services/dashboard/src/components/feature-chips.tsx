import { useEffect, useRef } from 'preact/hooks';
import { LINE_CYCLE } from '../chart/computed-lines.ts';
import { FEATURE_DEFINITIONS } from '../chart/feature-definitions.ts';
import { catalogueState, computedFeatures, removeFeature } from '../feature-session.ts';
import { type AddedFeature, addedKey, addedLabel, featureOf } from '../market/added-feature.ts';
import type { CatalogueFeature } from '../market/catalogue.ts';
import type { ComputedFeature } from '../market/computed-feature.ts';
import { settings } from '../settings/settings.ts';
import { toggleAdded, toggleStreamed } from '../settings/shown-features.ts';
import { createStore } from '../store/store.ts';
import { useStore } from '../store/use-store.ts';

/** What can be shown: those that are streamed, then those that were added. */
export function FeatureChips() {
  const { features, added } = useStore(settings);
  const catalogue = useStore(catalogueState);
  const computed = useStore(computedFeatures);
  const element = useRef<HTMLDivElement>(null);

  // What was just added is at the end, which may be out of sight.
  const countBefore = useRef(added.length);
  useEffect(() => {
    if (added.length > countBefore.current) element.current?.scrollTo({ left: element.current.scrollWidth });
    countBefore.current = added.length;
  }, [added.length]);

  /** The button that was pressed is gone then, and with it the focus. */
  function remove(key: string, label: string): void {
    removeFeature(key, label);
    const toolbar = element.current?.parentElement;
    toolbar?.querySelector<HTMLElement>('.add-feature')?.focus();
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a scrolling row
    <div ref={element} class="picker" role="group" aria-label="Features shown" onWheel={scrollSideways}>
      {FEATURE_DEFINITIONS.map(({ name, label, meaning, line }) => (
        <button
          key={name}
          type="button"
          class="chip"
          aria-pressed={features.includes(name)}
          title={meaning}
          onClick={() => toggleStreamed(name)}
        >
          <span class="chip-swatch" style={{ '--swatch': `var(--line-${line + 1})` }} />
          {label}
        </button>
      ))}
      {added.map((one, at) => {
        const feature = catalogue.kind === 'loaded' ? featureOf(one, catalogue.features) : undefined;
        const key = addedKey(one);
        return feature === undefined ? null : (
          <AddedChip
            key={key}
            added={one}
            feature={feature}
            line={LINE_CYCLE[at % LINE_CYCLE.length]!}
            computed={computed.find((other) => other.key === key)}
            onRemove={remove}
          />
        );
      })}
    </div>
  );
}

/** A wheel that turns one way only reaches all of the row too. */
function scrollSideways(event: WheelEvent): void {
  const row = event.currentTarget as HTMLElement;
  if (event.deltaX !== 0 || row.scrollWidth <= row.clientWidth) return;
  event.preventDefault();
  row.scrollLeft += event.deltaY;
}

const NOT_COMPUTED = createStore({ kind: 'live' } as const);

function AddedChip(props: {
  readonly added: AddedFeature;
  readonly feature: CatalogueFeature;
  readonly line: number;
  readonly computed: ComputedFeature | undefined;
  readonly onRemove: (key: string, label: string) => void;
}) {
  const { added, feature, line, computed, onRemove } = props;
  const state = useStore(computed?.feed.state ?? NOT_COMPUTED);
  const key = addedKey(added);
  const label = addedLabel(added, feature);
  const meanings = feature.outputs.map(({ name, meaning }) => (name === '' ? meaning : `${name}: ${meaning}`));
  return (
    <span class={`chip-pair ${state.kind === 'failed' ? 'chip-failed' : ''}`} data-testid="added-chip">
      <button
        type="button"
        class="chip"
        aria-pressed={added.isShown}
        title={`${feature.title}. ${meanings.join('; ')}${state.kind === 'failed' ? ` — ${state.problem.title}` : ''}`}
        onClick={() => toggleAdded(key)}
      >
        <span class="chip-swatch" style={{ '--swatch': `var(--line-${line + 1})` }} />
        {label}
      </button>
      <button type="button" class="chip-remove" aria-label={`Remove ${label}`} onClick={() => onRemove(key, label)}>
        ×
      </button>
    </span>
  );
}
