import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { Gap } from '../market/gaps.ts';
import type { Instrument } from '../market/instrument.ts';
import { instrumentsState, show, shownMarket } from '../session.ts';
import { BOOK_TICKS, changeSettings, settings } from '../settings/settings.ts';
import { toggleTheme } from '../settings/theme.ts';
import { listenToShortcuts, type Shortcut } from '../shortcuts.ts';
import { useStore } from '../store/use-store.ts';
import { AddFeatureDialog } from './add-feature-dialog.tsx';
import { Announcer } from './announcer.tsx';
import { Header } from './header.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { InstrumentPalette } from './instrument-palette.tsx';
import { JobsDialog } from './jobs-dialog.tsx';
import { Notices } from './notices.tsx';
import { EmptyPage, LoadingPage, ProblemPage } from './page-state.tsx';
import { focusPanel } from './panel.tsx';
import { TradingDialog } from './trading-dialog.tsx';
import { TrainingDialog } from './training-dialog.tsx';
import { type View, ViewTabs } from './view-tabs.tsx';
import { Workspace } from './workspace.tsx';

type OpenDialog =
  | 'help'
  | 'instruments'
  | 'features'
  | 'jobs'
  | 'trading'
  | 'training'
  /** Training, at the model that trades. */
  | { readonly model: string }
  | null;

export function App() {
  const state = useStore(instrumentsState);
  const market = useStore(shownMarket);
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const [view, setView] = useState<View>('candles');
  const [shownGap, setShownGap] = useState<Gap | null>(null);
  const instruments = state.kind === 'loaded' ? state.instruments : [];

  function goTo(panel: string, inView: View): void {
    setView(inView);
    // A narrow screen shows the panel with the next drawing only.
    requestAnimationFrame(() => focusPanel(panel));
  }

  const shortcuts = useMemo(() => shortcutsOf({ instruments, goTo, setDialog }), [instruments]);
  // At once, not after the next drawing: a key that is pressed before it would be lost.
  useLayoutEffect(() => listenToShortcuts(shortcuts), [shortcuts]);

  return (
    <div class="app">
      <button type="button" class="skip-link" onClick={() => focusPanel('candles')}>
        Skip to the charts
      </button>
      <Header
        market={market}
        onSwitch={() => setDialog('instruments')}
        onHelp={() => setDialog('help')}
        onServices={() => goTo('services', 'system')}
        onTrading={() => setDialog('trading')}
        onTraining={() => setDialog('training')}
      />
      <Notices />
      {market !== null ? (
        <>
          <Workspace
            market={market}
            view={view}
            shownGap={shownGap}
            onAddFeature={() => setDialog('features')}
            onJobs={() => setDialog('jobs')}
            onShowGap={(gap) => {
              setView('candles');
              setShownGap({ ...gap });
            }}
          />
          <ViewTabs view={view} onChange={setView} />
        </>
      ) : state.kind === 'loading' ? (
        <LoadingPage />
      ) : state.kind === 'failed' ? (
        <ProblemPage problem={state.problem} />
      ) : (
        <EmptyPage />
      )}
      {dialog === 'help' ? <HelpDialog shortcuts={shortcuts} onClose={() => setDialog(null)} /> : null}
      {dialog === 'instruments' ? (
        <InstrumentPalette instruments={instruments} onChoose={show} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'trading' ? (
        <TradingDialog onClose={() => setDialog(null)} onModel={(model) => setDialog({ model })} />
      ) : null}
      {dialog === 'training' ? <TrainingDialog first={{ kind: 'runs' }} onClose={() => setDialog(null)} /> : null}
      {typeof dialog === 'object' && dialog !== null ? (
        <TrainingDialog first={{ kind: 'model', id: dialog.model }} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'jobs' ? <JobsDialog onClose={() => setDialog(null)} /> : null}
      {dialog === 'features' && market !== null ? (
        <AddFeatureDialog market={market} onClose={() => setDialog(null)} />
      ) : null}
      <Announcer />
    </div>
  );
}

function shortcutsOf(options: {
  readonly instruments: readonly Instrument[];
  readonly goTo: (panel: string, view: View) => void;
  readonly setDialog: (change: (open: OpenDialog) => OpenDialog) => void;
}): Shortcut[] {
  const { instruments, goTo, setDialog } = options;
  return [
    {
      keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
      label: 'Switch to the first, second, … instrument',
      run: (key) => {
        const instrument = instruments[Number(key) - 1];
        if (instrument !== undefined) show(instrument);
      },
    },
    { keys: ['/'], label: 'Search instruments', run: () => setDialog(() => 'instruments') },
    { keys: ['c'], label: 'To the candles', run: () => goTo('candles', 'candles') },
    { keys: ['b'], label: 'To the order book', run: () => goTo('book', 'book') },
    { keys: ['r'], label: 'To the trades', run: () => goTo('trades', 'trades') },
    { keys: ['f'], label: 'To the features', run: () => goTo('features', 'features') },
    { keys: ['a'], label: 'Add a feature to the charts', run: () => setDialog(() => 'features') },
    { keys: ['g'], label: 'To the gaps', run: () => goTo('gaps', 'system') },
    { keys: ['s'], label: 'To the services', run: () => goTo('services', 'system') },
    { keys: ['o'], label: 'Trading: accounts, orders, the kill switch', run: () => setDialog(() => 'trading') },
    { keys: ['m'], label: 'Training: runs, models, their stages', run: () => setDialog(() => 'training') },
    { keys: ['j'], label: 'Jobs', run: () => setDialog(() => 'jobs') },
    {
      keys: ['i'],
      label: 'Other candle interval',
      run: () => {
        const shown = settings.get().interval ?? shownMarket.get()?.fittingInterval.get();
        changeSettings({ interval: shown === '1m' ? '1s' : '1m' });
      },
    },
    {
      keys: ['p'],
      label: 'Next price step of the order book',
      run: () => {
        const at = BOOK_TICKS.indexOf(settings.get().bookTicks);
        changeSettings({ bookTicks: BOOK_TICKS[(at + 1) % BOOK_TICKS.length] ?? 1 });
      },
    },
    { keys: ['t'], label: 'Light or dark', run: toggleTheme },
    { keys: ['?'], label: 'This help', run: () => setDialog((open) => (open === 'help' ? null : 'help')) },
  ];
}
