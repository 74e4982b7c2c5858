import { signed } from '../format/decimal.ts';
import type { TradingAccount } from '../market/trading.ts';
import { tradingAccounts } from '../session.ts';
import { useStore } from '../store/use-store.ts';
import { ModeBadge, TRADING_DOTS } from './trading-dialog.tsx';

/** What the worst account is, stands for all. */
const RANKS: Readonly<Record<TradingAccount['state'], number>> = {
  failed: 0,
  halted: 1,
  waiting: 2,
  running: 3,
  stopped: 4,
};

/** Whether something trades, and how it does: leads to the trading dialog. */
export function TradingChip({ onOpen }: { readonly onOpen: () => void }) {
  const accounts = useStore(tradingAccounts);
  const [first] = (accounts ?? []).toSorted((a, b) => RANKS[a.state] - RANKS[b.state]);
  const sessions = (accounts ?? []).flatMap(({ session }) => session ?? []);
  const change = sessions.reduce((sum, { equity, initialBalance }) => sum + equity - initialBalance, 0);
  const mode = sessions.find((session) => session.mode !== 'paper')?.mode ?? sessions[0]?.mode;
  return (
    <button
      type="button"
      class="health-item trading-chip"
      onClick={onOpen}
      aria-haspopup="dialog"
      title="Trading ( o )"
      data-testid="trading"
    >
      <span class="health-label">Trading</span>
      <span class="health-value">
        <span class={`dot dot-${first === undefined ? 'idle' : TRADING_DOTS[first.state]}`} />
        {first === undefined ? 'nobody' : first.state}
        {mode === undefined ? null : <ModeBadge mode={mode} />}
        {sessions.length === 0 ? null : (
          <span class={`trading-change ${change === 0 ? '' : change > 0 ? 'up' : 'down'}`}>{signed(change, 2)}</span>
        )}
      </span>
    </button>
  );
}
