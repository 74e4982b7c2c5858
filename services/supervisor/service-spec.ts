import { join } from 'node:path';
import { type Config, LIVE_SWITCH } from '../../infra/config.ts';
import { REPOSITORY } from '../../infra/home.ts';
import type { ServerUrls } from '../../infra/servers/servers.ts';

/** What a service said on stdout when it was ready: `{"service":"venue","ready":true,…}`. */
export type ReadyLine = Readonly<Record<string, unknown>>;

/** A service to be run as a process of its own. */
export interface ServiceSpec {
  readonly name: string;
  readonly file: string;
  /** Services that must be ready before it starts. */
  readonly after: readonly string[];
  /** Its environment, beside ours; `ready` holds the ready lines of the services that it waits for. */
  readonly env: (ready: ReadonlyMap<string, ReadyLine>) => Readonly<Record<string, string>>;
}

function serviceFile(name: string): string {
  return join(REPOSITORY, 'services', name, 'main.ts');
}

/**
 * The services of `don start`: the venue only where the market is a simulated one.
 * @param venuePort stays the same when the venue is started again, since the recorder keeps its address.
 */
export function services(config: Config, urls: Required<ServerUrls>, venuePort: number): ServiceSpec[] {
  const simulated = config.venue === 'simulated';
  const common = {
    DON_HOME: config.home,
    DON_PORT: String(config.port),
    DON_VENUE: config.venue,
    DON_INSTRUMENTS: config.instruments.join(','),
    DON_REDIS_URL: urls.redisUrl,
    DON_QUESTDB_URL: urls.questdbUrl,
    DON_QUESTDB_PG_URL: urls.questdbPgUrl,
    DON_POSTGRES_URL: urls.postgresUrl,
    ...(config.featureSets === undefined ? {} : { DON_FEATURE_SETS: config.featureSets.join(',') }),
    ...(config.featureFolder === undefined ? {} : { DON_FEATURE_FOLDER: config.featureFolder }),
    DON_VERIFY_AT: config.verifyAt,
    DON_ON_DRIFT: config.onDrift,
    DON_PAPER: config.paper,
    DON_LIVE: config.live ? LIVE_SWITCH : 'off',
    ...(config.pairs.length === 0
      ? {}
      : { DON_PAIRS: config.pairs.map(({ instrument, other }) => `${instrument}/${other}`).join(',') }),
    // The PostgreSQL client shifts QuestDB's times by the zone of the machine otherwise.
    TZ: 'UTC',
  };
  const symbols = config.instruments.map((instrument) => instrument.slice(instrument.indexOf(':') + 1));
  const venue: ServiceSpec = {
    name: 'venue',
    file: serviceFile('venue'),
    after: [],
    env: () => ({ DON_VENUE_SYMBOLS: symbols.join(','), ...common, DON_VENUE_PORT: String(venuePort) }),
  };
  const recorder: ServiceSpec = {
    name: 'recorder',
    file: serviceFile('recorder'),
    after: simulated ? ['venue'] : [],
    env: (ready) => ({ ...common, ...venueAddress(ready.get('venue')) }),
  };
  // Nothing but custom features, and those of two instruments, needs the service that runs them.
  const custom = config.featureFolder === undefined && config.pairs.length === 0 ? [] : ['features'];
  const others = ['deriver', 'api', 'jobs', ...custom].map((name) => ({
    name,
    file: serviceFile(name),
    after: [],
    env: () => common,
  }));
  // On paper it has no need of an exchange.
  const trader: ServiceSpec = {
    name: 'trader',
    file: serviceFile('trader'),
    after: simulated && config.live ? ['venue'] : [],
    env: (ready) => ({ ...common, ...venueAddress(ready.get('venue')) }),
  };
  return [...(simulated ? [venue] : []), recorder, ...others, trader];
}

function venueAddress(ready: ReadyLine | undefined): Record<string, string> {
  if (ready === undefined) return {};
  return { DON_VENUE_REST_URL: String(ready['restUrl']), DON_VENUE_WS_URL: String(ready['wsUrl']) };
}
