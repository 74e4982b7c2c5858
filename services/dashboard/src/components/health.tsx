import { clock } from '../clock.ts';
import { grouped } from '../format/decimal.ts';
import { duration } from '../format/time.ts';
import type { Market } from '../market/market.ts';
import { recordingOf } from '../market/status.ts';
import { connectionState, lag, lastEventMs, retryNow, systemStatus } from '../session.ts';
import { useStore } from '../store/use-store.ts';
import { TradingChip } from './trading-chip.tsx';
import { TrainingChip } from './training-chip.tsx';

/** Status comes each second, so a live connection that is silent for longer is not live. */
const QUIET_MS = 5_000;

/** State of the connection, lag, recorder. `onDetails` leads to the services. */
export function Health(props: {
  readonly market: Market;
  readonly onDetails: () => void;
  readonly onTrading: () => void;
  readonly onTraining: () => void;
}) {
  return (
    <div class="health">
      <ConnectionHealth />
      <LagHealth />
      <RecorderHealth {...props} />
      <TradingChip onOpen={props.onTrading} />
      <TrainingChip onOpen={props.onTraining} />
    </div>
  );
}

function ConnectionHealth() {
  const state = useStore(connectionState);
  const nowMs = useStore(clock);
  const quietMs = nowMs - lastEventMs.get();
  const isQuiet = state.kind === 'live' && lastEventMs.get() > 0 && quietMs > QUIET_MS;
  const { dot, text } = isQuiet ? { dot: 'warn', text: `Quiet for ${duration(quietMs)}` } : shownState(state, nowMs);
  const value = (
    <>
      <span class="health-label">Connection</span>
      <span class="health-value" data-testid="connection">
        <span class={`dot dot-${dot}`} />
        {text}
      </span>
    </>
  );
  if (state.kind !== 'waiting') return <div class="health-item">{value}</div>;
  return (
    <button type="button" class="health-item" onClick={retryNow} title="Try again now">
      {value}
    </button>
  );
}

function shownState(state: ReturnType<typeof connectionState.get>, nowMs: number): { dot: string; text: string } {
  switch (state.kind) {
    case 'connecting':
      return { dot: 'warn', text: 'Connecting' };
    case 'live':
      return { dot: 'good', text: 'Live' };
    case 'waiting':
      return { dot: 'bad', text: `Retry in ${Math.max(0, Math.ceil((state.retryAtMs - nowMs) / 1000))} s` };
    case 'expired':
      return { dot: 'bad', text: 'Session over' };
  }
}

function LagHealth() {
  useStore(clock);
  const summary = lag.summary();
  return (
    <div
      class="health-item"
      title="From the event's receipt in the log to its drawing here: median, and 99th percentile"
    >
      <span class="health-label">Lag p50 · p99</span>
      <span class="health-value" data-testid="lag">
        {summary === null ? '–' : `${duration(summary.p50Ms)} · ${duration(summary.p99Ms)}`}
      </span>
    </div>
  );
}

function RecorderHealth({ market, onDetails }: { readonly market: Market; readonly onDetails: () => void }) {
  const status = useStore(systemStatus);
  const { isImported } = market.instrument;
  const counts = status === null ? null : recordingOf(status, market.instrument.name);
  return (
    <button type="button" class="health-item" onClick={onDetails} title="Show the services">
      <span class="health-label">Recorder</span>
      <span class="health-value" data-testid="recorder">
        {counts === null ? (
          <>
            <span class={`dot ${status === null || isImported ? '' : 'dot-bad'}`} />
            {status === null ? '–' : isImported ? 'Imported, not live' : 'Not recording'}
          </>
        ) : (
          <>
            <span class={`dot dot-${counts.eventsPerSecond > 0 ? 'good' : 'warn'}`} />
            {grouped(counts.eventsPerSecond, 0)}/s
            <Count count={counts.gaps} noun="gap" />
            <Count count={counts.deadLetters} noun="dead letter" short="dead" />
          </>
        )}
      </span>
    </button>
  );
}

function Count(props: { readonly count: number; readonly noun: string; readonly short?: string }) {
  const { count, noun, short } = props;
  const plural = `${noun}${count === 1 ? '' : 's'}`;
  return (
    <span class={count > 0 ? 'warn-text' : 'dim'} title={`${count} ${plural} since the recorder started`}>
      {' · '}
      {grouped(count, 0)} {short ?? plural}
    </span>
  );
}
