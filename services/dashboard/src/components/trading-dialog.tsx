import { announce } from '../announcer.ts';
import { grouped } from '../format/decimal.ts';
import { clockTime } from '../format/time.ts';
import { assetsOf, type TradingAccount, withUnit } from '../market/trading.ts';
import { connectionState, equityLines, tradingAccounts } from '../session.ts';
import { useStore } from '../store/use-store.ts';
import { modelOfStrategy } from '../training/model.ts';
import { Dialog, DialogHead } from './dialog.tsx';
import { HaltControls } from './halt-controls.tsx';
import { TradingSessionView } from './trading-session-view.tsx';
import { VerifyDecisions } from './verify-decisions.tsx';

export const TRADING_DOTS: Readonly<Record<TradingAccount['state'], string>> = {
  running: 'good',
  waiting: 'warn',
  halted: 'bad',
  failed: 'bad',
  stopped: 'idle',
};

/** The accounts that trade: how they stand, what they did last, and the kill switch. */
export function TradingDialog(props: { readonly onClose: () => void; readonly onModel: (id: string) => void }) {
  const accounts = useStore(tradingAccounts);
  const isLive = useStore(connectionState).kind === 'live';
  return (
    <Dialog label="Trading" class="help trading" onClose={props.onClose}>
      <DialogHead title="Trading" />
      {isLive || accounts === null || accounts.length === 0 ? null : (
        <p class="warn-text trading-stale" role="status">
          Not connected: this is how they stood at {clockTime(Math.max(...accounts.map(({ timeMs }) => timeMs)))} UTC
        </p>
      )}
      {accounts === null ? (
        <p class="dim">Waiting for the accounts</p>
      ) : accounts.length === 0 ? (
        <p class="dim">
          Nobody has traded yet: <code>npx don trade start STRATEGY --instrument I</code>
        </p>
      ) : (
        <ul class="account-list">
          {accounts.map((account) => (
            <AccountView key={account.account} account={account} onModel={props.onModel} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function AccountView(props: { readonly account: TradingAccount; readonly onModel: (id: string) => void }) {
  const { account, onModel } = props;
  const { account: name, state, reason, session, ended } = account;
  const line = useStore(equityLines).get(name);
  return (
    <li class="account" data-testid="account" aria-label={`Account ${name}`}>
      <div class="job-head">
        <b>{name}</b>
        {session === null ? null : <ModeBadge mode={session.mode} />}
        <span class="account-state">
          <span class={`dot dot-${TRADING_DOTS[state]}`} />
          {state}
        </span>
        {session === null ? null : (
          <span class="dim" data-testid="account-trades">
            {grouped(session.sent, 0)} orders sent, {grouped(session.filled, 0)} filled
          </span>
        )}
        <HaltControls account={account} onTold={announce} />
      </div>
      {reason === null || reason === state ? null : (
        <p class={state === 'failed' ? 'field-problem' : 'dim'}>{reason}</p>
      )}
      {ended === null ? null : (
        <p class="dim" data-testid="account-ended">
          {withUnit(grouped(ended.equity, 2), assetsOf(ended.instrument).quote)} at the end of its last session,{' '}
          {ended.instrument}
        </p>
      )}
      {session === null ? null : <TradingSessionView session={session} line={line} onModel={onModel} />}
      {session !== null && modelOfStrategy(session.strategy) !== null ? (
        <VerifyDecisions key={session.id} account={name} unit={assetsOf(session.instrument).quote} />
      ) : null}
    </li>
  );
}

/** Nobody may take paper for money, nor money for paper. */
export function ModeBadge({ mode }: { readonly mode: string }) {
  const isPaper = mode === 'paper';
  return <span class={`badge ${isPaper ? 'badge-simulated' : 'badge-live'}`}>{mode.toUpperCase()}</span>;
}
