import { type Instrument, venueName } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import { shownTheme, toggleTheme } from '../settings/theme.ts';
import { useStore } from '../store/use-store.ts';
import { Health } from './health.tsx';
import { MoonIcon, SunIcon } from './icons.tsx';
import { LastPrice, Statistics } from './ticker.tsx';

export function Header(props: {
  readonly market: Market | null;
  readonly onSwitch: () => void;
  readonly onHelp: () => void;
  readonly onServices: () => void;
  readonly onTrading: () => void;
  readonly onTraining: () => void;
}) {
  const { market } = props;
  return (
    <header class="header">
      <div class="brand">
        <img src={new URL('../icon.svg', import.meta.url).href} alt="" />
        <span>Don</span>
      </div>
      {market === null ? (
        <div class="stats" />
      ) : (
        <>
          <button
            type="button"
            class="switcher"
            onClick={props.onSwitch}
            aria-haspopup="dialog"
            title="Switch instrument ( / )"
          >
            <span>
              <span class="switcher-symbol">{market.instrument.symbol}</span>
              <span class="switcher-venue">{venueName(market.instrument.venue)}</span>
            </span>
            <VenueBadge instrument={market.instrument} />
            <span class="chevron" />
          </button>
          <LastPrice market={market} />
          <Statistics market={market} />
          <Health
            market={market}
            onDetails={props.onServices}
            onTrading={props.onTrading}
            onTraining={props.onTraining}
          />
        </>
      )}
      <div class="header-buttons">
        <ThemeButton />
        <button
          type="button"
          class="icon-button"
          onClick={props.onHelp}
          aria-label="Keyboard help"
          title="Keyboard help ( ? )"
        >
          ?
        </button>
      </div>
    </header>
  );
}

/** Nobody may take simulated prices for a market's. */
export function VenueBadge({ instrument }: { readonly instrument: Instrument }) {
  if (instrument.isSimulated) return <span class="badge badge-simulated">SIMULATED</span>;
  const isTestnet = instrument.venue.endsWith('-testnet');
  return isTestnet ? <span class="badge badge-simulated">TESTNET</span> : <span class="badge badge-real">REAL</span>;
}

function ThemeButton() {
  const theme = useStore(shownTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="icon-button"
      onClick={toggleTheme}
      aria-label={`Switch to the ${other} theme`}
      title={`Switch to the ${other} theme ( t )`}
    >
      {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}
