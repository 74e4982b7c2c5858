import { clock } from '../clock.ts';
import { bytes } from '../format/decimal.ts';
import { duration } from '../format/time.ts';
import type { ServiceStatus } from '../market/status.ts';
import { services } from '../session.ts';
import { useStore } from '../store/use-store.ts';
import { Panel } from './panel.tsx';

/** Each service's state, lag, memory and age. */
export function ServicesPanel() {
  const list = useStore(services);
  const nowMs = useStore(clock);
  return (
    <Panel name="services" title="Services">
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
          {(list ?? []).map((service) => (
            <ServiceRow key={service.service} service={service} nowMs={nowMs} />
          ))}
        </tbody>
      </table>
      {list === null ? (
        <div class="panel-state">
          <span class="spinner" />
          Waiting for the first status
        </div>
      ) : list.length === 0 ? (
        <div class="panel-state">No service is running</div>
      ) : null}
    </Panel>
  );
}

function ServiceRow({ service, nowMs }: { readonly service: ServiceStatus; readonly nowMs: number }) {
  const { isAlive, lagMs, memoryBytes, startedMs } = service;
  return (
    <tr>
      <td>{service.service}</td>
      <td>
        <span class={`dot dot-${isAlive ? 'good' : 'bad'}`} />
        {isAlive ? 'running' : 'not running'}
      </td>
      <td class="number">{lagMs === null ? '–' : duration(lagMs)}</td>
      <td class="number">{memoryBytes === null ? '–' : bytes(memoryBytes)}</td>
      <td class="number">{startedMs === null || !isAlive ? '–' : duration(nowMs - startedMs)}</td>
    </tr>
  );
}
