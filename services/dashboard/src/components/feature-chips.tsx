import { useEffect, useRef } from 'preact/hooks';
import { LINE_CYCLE } from '../chart/computed-lines.ts';
import { FEATURE_DEFINITIONS } from '../chart/feature-definitions.ts';
import { catalogueState, computedFeatures, removeFeature } from '../feature-session.ts';
import { type AddedFeature, addedKey, addedLabel, featureOf } from '../market/added-feature.ts';
import type { CatalogueFeature } from '../market/catalogue.ts';
import type { ComputedFeature } from '../market/computed-feature.ts';
import { describeCustomState } from '../market/custom-feature.ts';
import type { Market } from '../market/market.ts';
import { settings } from '../settings/settings.ts';
import { toggleAdded, toggleStreamed } from '../settings/shown-features.ts';
import { createStore } from '../store/store.ts';
import { useStore } from '../store/use-store.ts';

/** What can be shown: those that are streamed, then those that were added. */
export function FeatureChips({ market }: { readonly market: Market }) {
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
        if (feature === undefined && !(one.isCustom && catalogue.kind === 'loaded')) return null;
        return (
          <AddedChip
            key={key}
            added={one}
            feature={feature}
            line={LINE_CYCLE[at % LINE_CYCLE.length]!}
            computed={computed.find((other) => other.key === key)}
            isOfItself={one.other !== null && one.other === market.instrument.name}
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
  /** Undefined: a custom one that is not there. */
  readonly feature: CatalogueFeature | undefined;
  readonly line: number;
  readonly computed: ComputedFeature | undefined;
  /** Its second instrument is the one that is shown. */
  readonly isOfItself: boolean;
  readonly onRemove: (key: string, label: string) => void;
}) {
  const { added, feature, line, computed, isOfItself, onRemove } = props;
  const state = useStore(computed?.feed.state ?? NOT_COMPUTED);
  const key = addedKey(added);
  const label = feature === undefined ? added.name : addedLabel(added, feature);
  const off = offOf(feature) ?? (isOfItself ? 'it is of another instrument beside this one' : null);
  return (
    <span class={`chip-pair ${state.kind === 'failed' || off !== null ? 'chip-failed' : ''}`} data-testid="added-chip">
      <button
        type="button"
        class="chip"
        aria-pressed={added.isShown}
        title={[meaningOf(feature), off, state.kind === 'failed' ? state.problem.title : null]
          .filter(Boolean)
          .join(' — ')}
        onClick={() => toggleAdded(key)}
      >
        <span class="chip-swatch" style={{ '--swatch': `var(--line-${line + 1})` }} />
        {label}
        {off === null ? null : (
          <span class="chip-off">{isOfItself ? 'not beside itself' : (feature?.custom?.state ?? 'off')}</span>
        )}
      </button>
      <button type="button" class="chip-remove" aria-label={`Remove ${label}`} onClick={() => onRemove(key, label)}>
        ×
      </button>
    </span>
  );
}

function meaningOf(feature: CatalogueFeature | undefined): string | null {
  if (feature === undefined) return null;
  const meanings = feature.outputs.map(({ name, meaning }) => (name === '' ? meaning : `${name}: ${meaning}`));
  return [feature.title, meanings.join('; ')].filter((part) => part !== '').join('. ');
}

/** Why a custom feature does not run; null where it does, or is none. */
export function offOf(feature: CatalogueFeature | undefined): string | null {
  if (feature === undefined) return 'no custom feature of this name runs';
  return feature.custom === null ? null : describeCustomState(feature.custom);
}
