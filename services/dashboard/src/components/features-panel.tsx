import { useMemo } from 'preact/hooks';
import { computedLines, stepOf } from '../chart/computed-lines.ts';
import { streamedLines } from '../chart/streamed-lines.ts';
import type { TimeLink } from '../chart/time-link.ts';
import { computedFeatures } from '../feature-session.ts';
import type { Interval } from '../market/bars.ts';
import type { ComputedFeature } from '../market/computed-feature.ts';
import type { Market } from '../market/market.ts';
import { settings } from '../settings/settings.ts';
import { useStore } from '../store/use-store.ts';
import { FeatureChartView, type FeatureChartViewProps } from './feature-chart-view.tsx';
import { FeatureChips } from './feature-chips.tsx';
import { FeedProblems } from './feed-problems.tsx';
import { Panel } from './panel.tsx';
import { lineOf, overlaidOutputs } from './use-overlays.ts';

/** The features over time, and which of them are drawn. */
export function FeaturesPanel(props: ChartsProps & { readonly onAdd: () => void }) {
  const { onAdd, ...shown } = props;
  const tools = (
    <>
      <FeatureChips market={shown.market} />
      <button type="button" class="button add-feature" onClick={onAdd} aria-haspopup="dialog" title="Add feature ( a )">
        Add feature
      </button>
    </>
  );
  return (
    <Panel name="features" title="Features" area="features" tools={tools}>
      <div class="feature-stack" data-testid="features">
        <FeedProblems />
        <FeatureCharts {...shown} />
      </div>
    </Panel>
  );
}

interface ChartsProps {
  readonly market: Market;
  /** Of the candles. */
  readonly interval: Interval;
  readonly link: TimeLink;
}

/** Features of seconds and those of minutes are a chart each, of the same span. */
function FeatureCharts(props: ChartsProps) {
  const charts = useCharts(props);
  if (charts.length === 0)
    return <div class="panel-state">What is chosen is drawn over the candles, or being loaded</div>;
  return charts.map((chart) => <FeatureChartView {...chart} key={chart.name} />);
}

function useCharts({ market, interval, link }: ChartsProps): readonly FeatureChartViewProps[] {
  const { features, added } = useStore(settings);
  const computed = useStore(computedFeatures);
  return useMemo(() => {
    const priceDecimals = market.instrument.priceDecimals ?? 2;
    /** Outputs that are not over the candles; none before it is known which those are. */
    const outputsOf = (feature: ComputedFeature): number[] => {
      const overlaid = overlaidOutputs(feature, interval);
      const all = feature.prices.get() === null ? [] : [...feature.feature.outputs.keys()];
      return all.filter((at) => !overlaid.includes(at));
    };
    const chartOf = (stepS: number): FeatureChartViewProps => {
      const drawn = computed.filter((feature) => stepOf(feature) === stepS && outputsOf(feature).length > 0);
      const streamed = stepS === 1 ? features : [];
      return {
        name: [
          market.instrument.name,
          interval,
          stepS,
          streamed.join(),
          ...drawn.map((feature) => `${feature.key} ${lineOf(added, feature.key)} ${outputsOf(feature)}`),
        ].join(' | '),
        market,
        link,
        stepS,
        keys: drawn.map(({ key }) => key),
        hasStreamed: streamed.length > 0,
        build: () => [
          ...(streamed.length > 0 ? [streamedLines(market, streamed)] : []),
          ...drawn.map((feature) =>
            computedLines(feature, {
              outputs: outputsOf(feature),
              priceDecimals,
              firstLine: lineOf(added, feature.key),
            }),
          ),
        ],
        isEmpty: streamed.length + drawn.length === 0,
      };
    };
    return [chartOf(1), chartOf(60)].filter(({ isEmpty }) => !isEmpty);
  }, [market, link, features, computed, interval, added]);
}
