import { dateTime, duration } from '../format/time.ts';
import type { Gap } from '../market/gaps.ts';
import type { Market } from '../market/market.ts';
import { useStore } from '../store/use-store.ts';
import { Panel } from './panel.tsx';
import { PanelState } from './panel-state.tsx';

/** Every marked gap of the instrument, newest first; `onShow` brings one onto the chart. */
export function GapsPanel(props: { readonly market: Market; readonly onShow: (gap: Gap) => void }) {
  const gaps = useStore(props.market.gaps);
  const count = gaps.length === 0 ? '' : ` (${gaps.length})`;
  return (
    <Panel name="gaps" title={`Gaps${count}`}>
      <table class="table" data-testid="gaps">
        <thead>
          <tr>
            <th scope="col">From (UTC)</th>
            <th scope="col">Channel</th>
            <th scope="col">Reason</th>
            <th scope="col" class="number">
              Length
            </th>
            <th scope="col">Closed by</th>
            <th scope="col" class="number">
              Expected
            </th>
            <th scope="col" class="number">
              Found
            </th>
          </tr>
        </thead>
        <tbody>
          {gaps.map((gap) => (
            <tr key={gap.key}>
              <td>
                <button
                  type="button"
                  class="link-button"
                  onClick={() => props.onShow(gap)}
                  title={`${dateTime(gap.fromMs)} UTC: show on the chart`}
                >
                  {dateTime(gap.fromMs).slice(5)}
                </button>
              </td>
              <td>{gap.channel}</td>
              <td>{gap.reason}</td>
              <td class="number">{gap.toMs === null ? '–' : duration(gap.toMs - gap.fromMs)}</td>
              <td class={gap.toMs === null ? 'state-open' : ''}>{gap.toMs === null ? 'open' : gap.closedBy}</td>
              <td class="number dim">{gap.expected ?? '–'}</td>
              <td class="number dim">{gap.found ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <PanelState part="gaps" isEmpty={gaps.length === 0} empty="No gaps: nothing is known to be missing" />
    </Panel>
  );
}
