import { join } from 'node:path';
import type { Config } from '../../../infra/config.ts';
import { withFileLock } from '../../../infra/file-lock.ts';
import { makeHome } from '../../../infra/home.ts';
import { migrate } from '../../../infra/migrations.ts';
import { connectPostgres } from '../../../infra/postgres.ts';
import { isRunning } from '../../../infra/process-identity.ts';
import { choosePorts, portIsFree } from '../../../infra/servers/ports.ts';
import { type ServerUrls, stopServers } from '../../../infra/servers/servers.ts';
import { SetupError } from '../../../infra/setup-error.ts';
import { ensureReadableTables } from '../../features/feature-table.ts';
import {
  type Instance,
  removeInstance,
  runningInstance,
  stopSupervisor,
  writeInstance,
} from '../../supervisor/instance.ts';
import { keepServersUp } from '../../supervisor/keep-servers-up.ts';
import { services } from '../../supervisor/service-spec.ts';
import { type Supervision, supervise } from '../../supervisor/supervise.ts';
import { apiKeyFile, ensureApiKey } from '../api-keys.ts';
import { command } from '../command.ts';
import { loginLink } from '../login-link.ts';

export default command({
  usage: ['start [--json]'],
  description:
    'Sets up what is missing, starts the servers and the services, prints the link to the dashboard, and stays until Ctrl-C,\nwhich ends everything that it started. A second start goes on where the first ended.',
  examples: [
    'don start',
    'DON_PORT=4100 don start',
    'DON_VENUE=binance DON_INSTRUMENTS=binance-usdm:BTCUSDT don start',
  ],
  options: {},
  async run({ config, json, signal, print, say, servers }) {
    const startedMs = Date.now();
    const { home } = config;
    makeHome(home);
    const running = await takeOver(config, startedMs, say);
    if (running !== undefined) {
      const dashboard = await loginLink(running.port, home);
      print(
        json
          ? JSON.stringify({ ready: true, alreadyRunning: true, pid: running.pid, dashboard })
          : alreadyRunning(running, dashboard),
      );
      return 0;
    }
    let supervision: Supervision | undefined;
    let ready = false;
    const writeDown = (runs: Supervision['runs']) => {
      const identities = Object.fromEntries([...runs].map(([name, { identity }]) => [name, identity]));
      writeInstance(home, {
        startedMs,
        ready,
        port: config.port,
        instruments: config.instruments,
        services: identities,
      });
    };
    try {
      const urls = await servers('redis', 'questdb', 'postgres');
      if (signal.aborted) return 0;
      const apiKey = await prepareDatabases(urls, home, say);
      say('starting the services');
      const { ports } = await choosePorts(home, 'venue', ['venue']);
      supervision = await supervise(services(config, urls, ports['venue']!), {
        home,
        log: say,
        onChange: writeDown,
        signal,
      });
      if (signal.aborted) return 0;
      ready = true;
      writeDown(supervision.runs);
      const dashboard = await loginLink(config.port, home, apiKey);
      const seconds = (Date.now() - startedMs) / 1000;
      const api = `http://127.0.0.1:${config.port}/api/v1`;
      print(
        json
          ? JSON.stringify({ ready: true, seconds, dashboard, api, instruments: config.instruments })
          : readyBlock(config, dashboard, api, seconds),
      );
      await keepServersUp(urls, { home, log: say, signal });
      return 0;
    } finally {
      say('stopping');
      await supervision?.stop();
      await stopServers(home);
      removeInstance(home);
      say('everything that Don started has ended');
    }
  },
});

/**
 * Makes this process the one `don start` of the home. @returns the one that runs already, if any.
 * Services that a killed one left behind are ended.
 */
function takeOver(config: Config, startedMs: number, say: (line: string) => void): Promise<Instance | undefined> {
  const { home, port, instruments } = config;
  return withFileLock(join(home, 'run', 'start.lock'), async () => {
    const running = runningInstance(home);
    if (running !== undefined && isRunning(running)) return running;
    await stopSupervisor(home, say);
    if (!(await portIsFree(port))) {
      throw new SetupError(
        `Port ${port} of 127.0.0.1 is taken by another program. Choose another one (DON_PORT=${port + 1} npm start), or end that program (\`ss -ltnp\` shows which it is), and start again.`,
      );
    }
    writeInstance(home, { startedMs, ready: false, port, instruments, services: {} });
    return undefined;
  });
}

/** Brings both databases to the newest schema. @returns the API key of the set-up. */
async function prepareDatabases(
  urls: Required<ServerUrls>,
  home: string,
  say: (line: string) => void,
): Promise<string> {
  const postgres = await connectPostgres(urls.postgresUrl);
  try {
    const [applied] = await Promise.all([migrate(postgres), ensureReadableTables(urls.questdbUrl)]);
    if (applied.length > 0)
      say(`databases prepared (${applied.length} migration${applied.length > 1 ? 's' : ''} applied)`);
    return await ensureApiKey(postgres, home);
  } finally {
    await postgres.end();
  }
}

function readyBlock({ home, instruments }: Config, dashboard: string, api: string, seconds: number): string {
  return `
Don is up after ${seconds.toFixed(1)} s.

  Dashboard   ${dashboard}
              (this link logs in once, within 10 minutes; npx don start prints a new one)
  API         ${api}   (key in ${apiKeyFile(home)})
  Recording   ${instruments.join(', ')}
  Logs        ${join(home, 'logs')}
  Stop        Ctrl-C here, or npx don stop
`;
}

function alreadyRunning(running: Instance, dashboard: string): string {
  return `Don is running already (process ${running.pid}, since ${new Date(running.startedMs).toISOString()}).

  Dashboard   ${dashboard}
  Recording   ${running.instruments.join(', ')}
  Stop        npx don stop`;
}
