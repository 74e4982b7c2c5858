import type { Gap } from '../market/gaps.ts';
import type { Market } from '../market/market.ts';
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
}) {
  const { market, view, shownGap, onShowGap, onAddFeature } = props;
  return (
    <main class="workspace" data-view={view}>
      <CandlesPanel market={market} shownGap={shownGap} />
      <FeaturesPanel market={market} onAdd={onAddFeature} />
      <BookPanel market={market} />
      <TradesPanel market={market} />
      <LiquidationsPanel market={market} />
      <div class="area-system">
        <GapsPanel market={market} onShow={onShowGap} />
        <ServicesPanel />
      </div>
    </main>
  );
}
