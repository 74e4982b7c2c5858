import type { Shortcut } from '../shortcuts.ts';
import { Dialog, DialogHead } from './dialog.tsx';

/** The keys, and what the dashboard is made with. */
export function HelpDialog(props: { readonly shortcuts: readonly Shortcut[]; readonly onClose: () => void }) {
  return (
    <Dialog label="Keyboard help" class="help" onClose={props.onClose}>
      <DialogHead title="Keyboard" />
      <dl>
        {props.shortcuts.map(({ keys, label }) => (
          <>
            <dt>
              {keys.length > 3 ? (
                <>
                  <kbd>{keys[0]}</kbd>–<kbd>{keys.at(-1)}</kbd>
                </>
              ) : (
                keys.map((key) => <kbd key={key}>{key}</kbd>)
              )}
            </dt>
            <dd>{label}</dd>
          </>
        ))}
        <dt>
          <kbd>←</kbd>
          <kbd>→</kbd>
          <kbd>+</kbd>
          <kbd>−</kbd>
          <kbd>End</kbd>
        </dt>
        <dd>On a chart: move, zoom, go to the newest, all charts with it</dd>
      </dl>
      <footer>
        All times are UTC. Prices and quantities are shown as the venue wrote them. Hatched spans are gaps: events that
        are known to be missing; in grey ones a feature has no value, and the pointer tells why. All charts show one
        span of time. Charts are drawn with{' '}
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          TradingView
        </a>{' '}
        Lightweight Charts™, copyright TradingView, Inc.
      </footer>
    </Dialog>
  );
}
