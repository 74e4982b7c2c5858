import { clock } from '../clock.ts';
import { bytes } from '../format/decimal.ts';
import { duration } from '../format/time.ts';
import type { ServiceStatus, SystemStatus } from '../market/status.ts';
import { systemStatus } from '../session.ts';
import { useStore } from '../store/use-store.ts';
import { Panel } from './panel.tsx';

/** Each service's state, lag, memory and age. */
export function ServicesPanel({ onJobs }: { readonly onJobs: () => void }) {
  const status = useStore(systemStatus);
  const nowMs = useStore(clock);
  return (
    <Panel
      name="services"
      title="Services"
      tools={
        <button type="button" class="button add-feature" onClick={onJobs} aria-haspopup="dialog" title="Jobs ( j )">
          Jobs
        </button>
      }
    >
      <table class="table" data-testid="services">
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              Lag
            </th>
            <th scope="col" class="number">
              Memory
            </th>
            <th scope="col" class="number">
              Up for
            </th>
          </tr>
        </thead>
        <tbody>
          {(status?.services ?? []).map((service) => (
            <ServiceRow key={service.service} service={service} nowMs={nowMs} lagMs={lagOf(service, status)} />
          ))}
        </tbody>
      </table>
      {status === null ? (
        <div class="panel-state">
          <span class="spinner" />
          Waiting for the first status
        </div>
      ) : status.services.length === 0 ? (
        <div class="panel-state">No service is running</div>
      ) : null}
    </Panel>
  );
}

/** The deriver is behind by as much as the instrument that is furthest behind; the others read nothing. */
function lagOf({ service }: ServiceStatus, status: SystemStatus | null): number | null {
  if (service !== 'deriver' || status === null) return null;
  const lags = status.instruments.map(({ derivedLagMs }) => derivedLagMs).filter((lag) => lag !== null);
  return lags.length === 0 ? null : Math.max(...lags);
}

function ServiceRow(props: { readonly service: ServiceStatus; readonly nowMs: number; readonly lagMs: number | null }) {
  const { nowMs, lagMs } = props;
  const { service, isUp, memoryBytes, startedMs } = props.service;
  return (
    <tr>
      <td>{service}</td>
      <td>
        <span class={`dot dot-${isUp ? 'good' : 'bad'}`} />
        {isUp ? 'up' : 'down'}
      </td>
      <td class="number">{lagMs === null ? '–' : duration(lagMs)}</td>
      <td class="number">{memoryBytes === null ? '–' : bytes(memoryBytes)}</td>
      <td class="number">{startedMs === null || !isUp ? '–' : duration(nowMs - startedMs)}</td>
    </tr>
  );
}
