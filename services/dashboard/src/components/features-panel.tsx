import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { createFeatureChart, type FeatureChart } from '../chart/feature-chart.ts';
import { FEATURE_DEFINITIONS } from '../chart/feature-definitions.ts';
import { readPalette } from '../chart/palette.ts';
import type { ShadedSpan } from '../chart/span-shade.ts';
import type { Feature } from '../market/features.ts';
import type { Gap } from '../market/gaps.ts';
import type { InvalidSpan } from '../market/invalid-spans.ts';
import type { Market } from '../market/market.ts';
import { changeSettings, settings } from '../settings/settings.ts';
import { shownTheme } from '../settings/theme.ts';
import { atMostEvery } from '../store/frame.ts';
import { useStore } from '../store/use-store.ts';
import { ChartKeys } from './chart-keys.tsx';
import { Panel } from './panel.tsx';
import { PanelState } from './panel-state.tsx';

/** A point stands for a second, so its last value need not be drawn more often. */
const DRAWING_MS = 500;

/** The features over time, and which of them are drawn. */
export function FeaturesPanel({ market }: { readonly market: Market }) {
  const { features } = useStore(settings);
  return (
    <Panel name="features" title="Features" area="features" tools={<Picker chosen={features} />}>
      <Features key={`${market.instrument.name} ${features.join()}`} market={market} features={features} />
    </Panel>
  );
}

function Picker({ chosen }: { readonly chosen: readonly Feature[] }) {
  function toggle(name: Feature): void {
    const isChosen = chosen.includes(name);
    // One is always drawn: an empty chart would look broken.
    if (isChosen && chosen.length === 1) return;
    changeSettings({ features: isChosen ? chosen.filter((other) => other !== name) : [...chosen, name] });
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a scrolling row
    <div class="picker" role="group" aria-label="Features shown">
      {FEATURE_DEFINITIONS.map(({ name, label, meaning, line }) => (
        <button
          key={name}
          type="button"
          class="chip"
          aria-pressed={chosen.includes(name)}
          title={meaning}
          onClick={() => toggle(name)}
        >
          <span class="chip-swatch" style={{ '--swatch': `var(--line-${line + 1})` }} />
          {label}
        </button>
      ))}
    </div>
  );
}

function Features({ market, features }: { readonly market: Market; readonly features: readonly Feature[] }) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<FeatureChart | null>(null);
  const theme = useStore(shownTheme);
  const gaps = useStore(market.gaps);
  const invalid = useStore(market.invalidSpans);
  const { samples } = market;

  useLayoutEffect(() => {
    const created = createFeatureChart(element.current!, {
      market,
      features,
      palette: readPalette(),
      priceDecimals: market.instrument.priceDecimals ?? 2,
    });
    chart.current = created;
    created.drawSamples();
    const drawing = atMostEvery(DRAWING_MS, created.drawSamples);
    const unsubscribe = samples.subscribe(drawing.run);
    return () => {
      unsubscribe();
      drawing.stop();
      created.remove();
    };
  }, [market, features]);
  useEffect(() => chart.current?.applyPalette(readPalette()), [theme]);
  useEffect(() => chart.current?.drawSpans(shadedSpans(gaps, invalid)), [gaps, invalid]);

  return (
    <ChartKeys label="Feature charts" chart={chart}>
      <div ref={element} class="chart" data-testid="features" />
      <FeaturesState market={market} />
    </ChartKeys>
  );
}

function FeaturesState({ market }: { readonly market: Market }) {
  const samples = useStore(market.samples);
  return (
    <PanelState
      part="features"
      isEmpty={samples.length === 0}
      empty="No features yet: they follow a valid order book"
    />
  );
}

/** Features come from the order book: a gap elsewhere does not touch them. */
function shadedSpans(gaps: readonly Gap[], invalid: readonly InvalidSpan[]): ShadedSpan[] {
  const shaded = (kind: ShadedSpan['kind']) => (span: InvalidSpan) => ({
    fromS: span.fromMs / 1000,
    toS: span.toMs === null ? null : span.toMs / 1000,
    kind,
  });
  return [...invalid.map(shaded('invalid')), ...gaps.filter(({ channel }) => channel === 'depth').map(shaded('gap'))];
}
