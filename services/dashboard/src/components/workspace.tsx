import { useMemo } from 'preact/hooks';
import { createTimeLink } from '../chart/time-link.ts';
import { INTERVAL_S } from '../market/bars.ts';
import type { Gap } from '../market/gaps.ts';
import type { Market } from '../market/market.ts';
import { settings } from '../settings/settings.ts';
import { useStore } from '../store/use-store.ts';
import { BookPanel } from './book-panel.tsx';
import { CandlesPanel } from './candles-panel.tsx';
import { FeaturesPanel } from './features-panel.tsx';
import { GapsPanel } from './gaps-panel.tsx';
import { LiquidationsPanel } from './liquidations-panel.tsx';
import { ServicesPanel } from './services-panel.tsx';
import { TradesPanel } from './trades-panel.tsx';
import type { View } from './view-tabs.tsx';

/** All panels of a market; a narrow screen shows those of `view`. */
export function Workspace(props: {
  readonly market: Market;
  readonly view: View;
  readonly shownGap: Gap | null;
  readonly onShowGap: (gap: Gap) => void;
  readonly onAddFeature: () => void;
  readonly onJobs: () => void;
}) {
  const { market, view, shownGap, onShowGap, onAddFeature, onJobs } = props;
  const fitting = useStore(market.fittingInterval);
  const interval = useStore(settings).interval ?? fitting;
  const link = useMemo(() => createTimeLink({ stepS: INTERVAL_S[interval] }), [market, interval]);
  return (
    <main class="workspace" data-view={view}>
      <CandlesPanel market={market} interval={interval} link={link} shownGap={shownGap} />
      <FeaturesPanel market={market} interval={interval} link={link} onAdd={onAddFeature} />
      <BookPanel market={market} />
      <TradesPanel market={market} />
      <LiquidationsPanel market={market} />
      <div class="area-system">
        <GapsPanel market={market} onShow={onShowGap} />
        <ServicesPanel onJobs={onJobs} />
      </div>
    </main>
  );
}
